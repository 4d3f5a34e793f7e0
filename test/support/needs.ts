import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findChromium } from './chromium.ts';

/** What some tests need beyond Node, git and bash. */
export interface Need {
  readonly name: string;
  /** the Debian packages it comes with */
  readonly package: string;
  /** the files of tests that need it */
  readonly files: readonly string[];
  found(): boolean;
}

const inPath = (program: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'].some((folder) =>
    existsSync(join(folder, program)),
  );

const NEEDS: readonly Need[] = [
  {
    name: 'Chromium',
    package: 'chromium',
    files: ['test/browser/**/*.test.ts'],
    found: () => findChromium() !== undefined,
  },
  {
    name: 'an SSH server',
    package: 'openssh-server',
    files: ['test/**/ssh.test.ts', 'test/**/ssh.long.test.ts'],
    found: () => inPath('sshd') && inPath('ssh-keygen'),
  },
  {
    name: 'git-lfs',
    package: 'git-lfs',
    files: [
      'test/functions/pull/options.long.test.ts',
      'test/functions/pull/lfs.long.test.ts',
      'test/functions/pull/private-authority-lfs.long.test.ts',
    ],
    found: () => inPath('git-lfs'),
  },
  ...['zsh', 'fish'].map((shell) => ({
    name: shell,
    package: shell,
    files: ['test/cli/completion/shells.long.test.ts'],
    found: () => inPath(shell),
  })),
  {
    name: 'Apache Velocity with a JDK',
    package: 'velocity default-jdk-headless',
    files: ['test/infra/door-templates.template.test.ts'],
    found: () => inPath('javac') && existsSync('/usr/share/java/velocity.jar'),
  },
  {
    name: 'the AWS command line 2',
    package: 'awscli',
    files: ['test/e2e/aws-cli.long.test.ts', 'test/docs/events.long.test.ts', 'test/docs/pages.long.test.ts'],
    found: () => inPath('aws'),
  },
];

/** The needs that this machine does not meet. */
export const unmet = (): readonly Need[] => NEEDS.filter((need) => !need.found());

/** What is not run for it, and what to do. */
export const notice = (need: Need): string =>
  `there is no ${need.name.replace(/^(an|the) /, '')} here, so ${need.files.join(', ')} is not run: apt-get install ${need.package}`;
