const words: Readonly<Record<string, string>> = {
  'POST /v1/auth/login': 'Signing in has to wait.',
  'POST /v1/auth/logout': 'Signing out has to wait.',
  'POST /v1/auth/refresh': 'Staying signed in for longer has to wait.',
  'POST /v1/auth/step-up': 'Changes that ask for your password have to wait.',
  'POST /v1/conversations': 'Beginning a conversation by user name has to wait.',
  'DELETE /v1/users/me/sessions': 'Signing out other devices has to wait.',
  'DELETE /v1/users/me/sessions/:id': 'Signing out other devices has to wait.',
};

/** What a route that has refused because Redis is down means for a person. */
export function refusalWords(route: string): string {
  return words[route] ?? 'Something that you have asked for has to wait.';
}
