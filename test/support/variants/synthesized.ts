import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Template, templateSchema } from '../aws/template.ts';
import type { SynthesizedVariant } from './global-setup.ts';

/** What test/support/variants/global-setup.ts made, with its template. */
export const synthesized: readonly (SynthesizedVariant & { stack: string; template: Template })[] = inject(
  'variants',
).map((variant) => {
  const stack = stackIn(variant.directory);
  return { ...variant, stack, template: readTemplate(variant.directory, stack) };
});

/** A variant's template, as a copy that a test may spoil. */
export function templateOf(name: string): Template {
  const found = synthesized.find((variant) => variant.name === name);
  if (!found) throw new Error(`there is no variant ${name}: name one of test/support/variants/variants.ts`);
  return structuredClone(found.template);
}

/** The name of the stack in a cloud assembly. */
function stackIn(directory: string): string {
  const files = readdirSync(directory).flatMap(
    (file) => /^(Hookline.*)\.template\.json$/.exec(file)?.[1] ?? [],
  );
  return files[0] ?? '';
}

function readTemplate(directory: string, stack: string): Template {
  return templateSchema.parse(JSON.parse(readFileSync(join(directory, `${stack}.template.json`), 'utf8')));
}
