export default function DeliveryPage(_: { readonly id?: string }) {
  return null;
}
