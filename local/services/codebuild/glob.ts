import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { unsupported } from '../../core/aws-error.ts';

/**
 * The files and links below a folder that match one of the patterns and none of the others, hidden ones too, sorted.
 * Patterns are CodeBuild's: `*` within a name, `**` across folders, `?` for one character, `.` for the folder itself.
 */
export async function filesBelow(
  folder: string,
  patterns: readonly string[],
  excluded: readonly string[],
): Promise<string[]> {
  const [wanted, unwanted] = [patterns.map(regexOf), excluded.map(regexOf)];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => wanted.some((regex) => regex.test(path)) && !unwanted.some((regex) => regex.test(path)))
    .sort();
}

function regexOf(pattern: string): RegExp {
  const path = pattern.replace(/^(\.\/)+/, '');
  if (/[[\]{}!]/.test(path)) throw unsupported(`the artifact pattern ${pattern}: write it with *, ** and ?`);
  if (path.startsWith('/') || path.split('/').includes('..'))
    throw new Error(`the artifact path ${pattern} leaves its folder: name what is below it`);
  if (path === '.' || path === '') return /^/;
  // A `**` between slashes stands for no folder too.
  const parts = path.match(/\*\*\/|\*\*|\*|\?|[^*?]+/g) ?? [];
  return new RegExp(`^${parts.map(partOf).join('')}$`);
}

function partOf(part: string): string {
  if (part === '**/') return '(?:.*/)?';
  if (part === '**') return '.*';
  if (part === '*') return '[^/]*';
  return part === '?' ? '[^/]' : part.replace(/[\\^$.|+()]/g, '\\$&');
}
