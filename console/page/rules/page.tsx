export default function RulesPage(_: { readonly id?: string }) {
  return null;
}
