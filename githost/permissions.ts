import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJsonNow } from './files.ts';
import type { Repository } from './repositories.ts';

const permissionSchema = z.enum(['admin', 'write', 'read']);
const fileSchema = z.record(z.string(), permissionSchema);

export type Permission = z.infer<typeof permissionSchema>;

const fileOf = ({ folder }: Repository): string => join(folder, 'hookline', 'collaborators.json');
const collaborators = (repository: Repository) => fileSchema.parse(readJson(fileOf(repository)) ?? {});

/**
 * What somebody may do in a repository, for whoever asks: the owner everything, a collaborator what was said, anybody else
 * read. The host itself takes every push that comes with its token.
 */
export function permissionOf(repository: Repository, login: string): Permission {
  if (login === repository.owner) return 'admin';
  const known = collaborators(repository);
  return Object.hasOwn(known, login) ? (known[login] ?? 'read') : 'read';
}

export function addCollaborator(repository: Repository, login: string, permission: Permission): void {
  writeJsonNow(fileOf(repository), { ...collaborators(repository), [login]: permission });
}

export function removeCollaborator(repository: Repository, login: string): void {
  const { [login]: _, ...others } = collaborators(repository);
  writeJsonNow(fileOf(repository), others);
}
