export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script by which a shell completes `hookline`: it asks this very program, whatever name it is called by.
 * @param program the words that start it
 */
export function completionScript(shell: Shell, program: readonly string[]): string {
  return SCRIPTS[shell](program.map((word) => quoted(shell, word)).join(' '));
}

/** One word of a shell, whatever it holds. */
function quoted(shell: Shell, word: string): string {
  // In fish a backslash is one between quotes too.
  const plain = shell === 'fish' ? word.replaceAll('\\', '\\\\') : word;
  return `'${plain.replaceAll("'", "'\\''")}'`;
}

const SCRIPTS: Readonly<Record<Shell, (program: string) => string>> = {
  // Without candidates, readline completes file names. bash 3.2, as on macOS, has no mapfile.
  bash: (program) => `_hookline() {
  local value
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    COMPREPLY+=("$value")
  done < <(${program} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _hookline hookline
`,
  // At the end of a .zshrc, which may not have begun completion yet; -i asks nothing of folders that others may write to.
  zsh: (program) => `#compdef hookline
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
_hookline() {
  local -a found
  local value description
  while IFS=$'\\t' read -r value description; do
    found+=("\${value//:/\\\\:}:$description")
  done < <(${program} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe -V hookline found; else _files; fi
}
compdef _hookline hookline
`,
  fish: (program) => `function __hookline_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (${program} complete -- $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c hookline -f -a '(__hookline_complete)'
`,
};
