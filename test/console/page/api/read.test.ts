import { describe, expect, it } from 'vitest';
import { read } from '../../../../console/page/api/read.ts';

describe('an answer of the server', () => {
  it('shows what hides or turns its text, wherever it stands, and keeps the ends of lines', () => {
    const sent = {
      rows: [{ ref: 'refs/heads/a\u202etxt.exe', bytes: 7 }],
      input: '{"sender":"\u2066eve\u0007"}\n\tnext\u009b31m',
    };
    expect(read(JSON.stringify(sent))).toEqual({
      rows: [{ ref: 'refs/heads/a\\u202etxt.exe', bytes: 7 }],
      input: '{"sender":"\\u2066eve\\u0007"}\n\tnext\\u009b31m',
    });
  });

  it('is otherwise as it was sent', () => {
    const text = JSON.stringify({ author: 'Zoë 王 אבג', none: null, list: [true, 1.5, ''] });
    expect(JSON.stringify(read(text))).toBe(text);
  });
});
