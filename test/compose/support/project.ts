/** Not the operator's own, whose volumes these tests would remove. */
export const project = 'secureconnect-test';
