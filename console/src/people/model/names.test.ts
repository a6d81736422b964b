import { eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import type { Api } from './api.ts';
import { Names } from './names.ts';

function world() {
  const asked: string[] = [];
  const request = async (_route: string, { path }: { path: { user_id: string } }) => {
    asked.push(path.user_id);
    if (path.user_id === 'gone') throw new Error('there is no such user');
    return { display_name: `Name of ${path.user_id}` };
  };
  return { names: new Names({ request } as unknown as Api), asked };
}

it('asks once for each user, and shows an ellipsis until then', async () => {
  const { names, asked } = world();
  const name = names.of('ada');
  expect([name.value, names.of('ada')]).toEqual(['…', name]);
  await eventually(() => expect(name.value).toBe('Name of ada'));
  expect(asked).toEqual(['ada']);
});

it('asks nothing where the name came with a different reply', () => {
  const { names, asked } = world();
  names.note('ada', 'Ada');
  expect([names.of('ada').value, asked]).toEqual(['Ada', []]);
});

it('shows somebody whose name cannot be read, and does not ask again', async () => {
  const { names, asked } = world();
  const name = names.of('gone');
  await eventually(() => expect(name.value).toBe('Somebody'));
  names.of('gone');
  expect(asked).toEqual(['gone']);
});
