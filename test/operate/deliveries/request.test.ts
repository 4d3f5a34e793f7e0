import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { curlOf } from '../../../operate/deliveries/request.ts';

/** What a shell would hand to curl: its arguments, and its standard input. */
async function handedTo(command: string): Promise<{ args: string[]; input: string }> {
  const curl = `curl() { input=$(cat; printf .); printf '%s\\n' "$@"; printf 'INPUT%s' "$input"; }`;
  const { stdout } = await execa('sh', ['-c', `${curl}\n${command}`]);
  const [args = '', input = ''] = stdout.split('INPUT');
  return { args: args.trimEnd().split('\n'), input: input.slice(0, -1) };
}

describe('a request as a command', () => {
  const request = (body: string) => ({
    provider: 'github' as const,
    verified: true,
    headers: [['X-GitHub-Event', 'push']] as const,
    body,
  });

  it.each([
    ['quotes, dollars and backslashes', `{"a":"it's $HOME \\\\ \`id\`"}`],
    ['what turns a line around', '{"ref":"x\u202egpj.exe"}'],
    ['what a terminal obeys', '{"a":"\u009b31m"}'],
    ['percent signs', '{"a":"%s%n"}'],
    ['a line end at its end', '{"a":1}\n'],
  ])('hands a body with %s to curl byte by byte, and runs nothing of it', async (_, body) => {
    expect(await handedTo(curlOf(request(body), 'https://door.test/webhooks/github'))).toEqual({
      args: ['-sS', '-H', 'X-GitHub-Event: push', '--data-binary', '@-', 'https://door.test/webhooks/github'],
      input: body,
    });
  });
});
