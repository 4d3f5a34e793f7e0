// Loaded into a program that is measured: writes the most memory that it had, in kB, to where PEAK_MEMORY_FILE says.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
