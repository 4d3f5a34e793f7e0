// What is named within another resource: a stage of an API, a policy of a role.
const WITHIN = /^AWS::(ApiGateway::(?!RestApi)|IAM::Policy)/;

interface Named {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>> | undefined;
}

/** Every name that a template gives a resource itself, with the type; a name with references in it is made up by AWS. */
export const physicalNames = (resources: Readonly<Record<string, Named>>): string[] =>
  Object.values(resources).flatMap(({ Type, Properties = {} }) =>
    WITHIN.test(Type)
      ? []
      : Object.entries(Properties).flatMap(([property, value]) =>
          /^(Name|(?!Metric).*Name)$/.test(property) && typeof value === 'string' ? [`${Type} ${value}`] : [],
        ),
  );
