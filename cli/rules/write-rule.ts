import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_RULE_NAME_LENGTH, RULE_NAME } from '../../events/rule-name.ts';

/**
 * Writes a new rule file.
 * @returns its path
 * @throws for what is no name of a rule, and so might be a path, and for a name that has a file already
 */
export async function writeRule(folder: string, name: string, text: string): Promise<string> {
  if (!RULE_NAME.test(name))
    throw new Error(
      `${JSON.stringify(name)} is no name of a rule: write lower-case letters, digits and hyphens, ${MAX_RULE_NAME_LENGTH} at most`,
    );
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new Error(`there is a rule ${name} already: ${file}`) : error;
  });
  return file;
}
