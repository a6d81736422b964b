import { describe, expect, it } from 'vitest';
import { jsonLine, safeLine, safeText } from './safe-text.ts';

describe('a text of somebody else', () => {
  it('shows the codes of what would command the terminal', () => {
    expect(safeText('\u001b[2Jgone\u009b1m\r')).toBe('\\u001b[2Jgone\\u009b1m\\u000d');
    expect(safeText('evil\u202egpj.exe')).toBe('evil\\u202egpj.exe');
  });

  it('keeps letters, line ends and tabs', () => {
    expect(safeText('Zoë 👋\n\tlater')).toBe('Zoë 👋\n\tlater');
  });

  it('is on one line where that is asked for', () => {
    expect(safeLine('one\ntwo')).toBe('one two');
  });

  it('is the same in JSON, which stays JSON', () => {
    const line = jsonLine({ content: 'a\u009bb\u001bc\nd' });
    expect(line).toBe('{"content":"a\\u009bb\\u001bc\\nd"}');
    expect(JSON.parse(line)).toEqual({ content: 'a\u009bb\u001bc\nd' });
  });
});
