/** A function that writes commit statuses begins none after so long. */
export const STATUSES_SECONDS = 20;
/** So often Report is called again for a commit status that the host may take later, within the tries of its state. */
export const STATUS_RETRIES = 7;
