import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Template, templateSchema } from '../aws/template.ts';
import type { SynthesizedVariant } from './global-setup.ts';

/** What test/support/variants/global-setup.ts made, with its template. */
export const synthesized: readonly (SynthesizedVariant & { template: Template })[] = inject('variants').map(
  (variant) => ({ ...variant, template: readTemplate(variant.directory) }),
);

/** A variant's template, as a copy that a test may spoil. */
export function templateOf(name: string): Template {
  const found = synthesized.find((variant) => variant.name === name);
  if (!found) throw new Error(`there is no variant ${name}: name one of test/support/variants/variants.ts`);
  return structuredClone(found.template);
}

function readTemplate(directory: string): Template {
  return templateSchema.parse(JSON.parse(readFileSync(join(directory, 'Hookline.template.json'), 'utf8')));
}
