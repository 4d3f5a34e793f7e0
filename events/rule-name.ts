/** The characters of a rule's name. */
export const MAX_RULE_NAME_LENGTH = 40;

export const RULE_NAME = new RegExp(`^[a-z0-9][a-z0-9-]{0,${MAX_RULE_NAME_LENGTH - 1}}$`);

/** The name of a rule, and the names that it had before, the first of all first. */
export interface RuleNames {
  readonly name: string;
  readonly was?: readonly string[] | undefined;
}

/**
 * The first name of a rule, by which everything that is on record knows it: a claim, what it took of a ref, what it
 * started. So a rule that is renamed does nothing twice.
 */
export const firstName = ({ name, was = [] }: RuleNames): string => was[0] ?? name;

/** Every name under which a rule has taken a delivery. */
export const namesOfRule = ({ name, was = [] }: RuleNames): readonly string[] => [name, ...was];
