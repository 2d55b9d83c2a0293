import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Flag {
  readonly short: string | null;
  readonly long: string; // with its dashes
  readonly words: string; // from its help
  readonly takes: 'nothing' | 'file' | 'value';
  readonly choices: readonly string[];
}

interface Known {
  readonly name: string;
  readonly words: string;
  readonly flags: readonly Flag[];
  readonly choices: readonly string[]; // of the argument after the name
}

const help: Flag = { short: '-h', long: '--help', words: 'display help', takes: 'nothing', choices: [] };

const takes = ({ flags, required, optional }: Option): Flag['takes'] => {
  if (!required && !optional) return 'nothing';
  return flags.includes('<file>') ? 'file' : 'value';
};

const flagOf = (option: Option, valuesOf: ValuesOf): Flag => ({
  short: option.short ?? null,
  long: option.long ?? '',
  words: option.description,
  takes: takes(option),
  choices: valuesOf(option.long ?? ''),
});

/** The values that may follow a flag; empty if any may. */
type ValuesOf = (flag: string) => readonly string[];

const knownOf = (command: Command, valuesOf: ValuesOf): Known => ({
  name: command.name(),
  words: command.description(),
  flags: [...command.options.map((option) => flagOf(option, valuesOf)), help],
  choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
});

const namesOf = ({ flags }: Known): string =>
  flags.flatMap(({ short, long }) => (short === null ? [long] : [short, long])).join(' ');

const bash = (name: string, all: readonly Known[]): string => {
  const flags = all.flatMap((known) => known.flags);
  const pattern = (some: readonly Flag[]): string =>
    [...new Set(some.flatMap(({ short, long }) => (short === null ? [long] : [short, long])))].join('|');
  const behind = [
    [pattern(flags.filter((flag) => flag.takes === 'file')), '-f'],
    ...flags
      .filter(({ choices }) => choices.length > 0)
      .map((flag) => [pattern([flag]), `-W '${flag.choices.join(' ')}'`]),
  ].map(([flag, words]) => `    ${flag}) COMPREPLY=($(compgen ${words} -- "$current")); return ;;`);
  const lines = all.map((known) => `    ${known.name}) words='${[namesOf(known), ...known.choices].join(' ')}' ;;`);
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= word words
  case \${COMP_WORDS[COMP_CWORD-1]} in
${[...new Set(behind)].join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${all.map((known) => known.name).join('|')}) command=$word; break ;; esac
  done
  case $command in
${lines.join('\n')}
    *) words='${all.map((known) => known.name).join(' ')} --version --help' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const zsh = (name: string, all: readonly Known[]): string => {
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, (sign) => `\\${sign}`);
  const value = ({ takes: what, choices }: Flag): string => {
    if (what === 'nothing') return '';
    return what === 'file' ? ':file:_files' : `:value:(${choices.join(' ')})`;
  };
  const argument = (flag: Flag): string => {
    const rest = `[${plain(flag.words)}]${value(flag)}`;
    return flag.short === null ? quoted(`${flag.long}${rest}`) : `{${flag.short},${flag.long}}${quoted(rest)}`;
  };
  const one = ({ name: command, flags, choices }: Known): string => {
    const behind = choices.length === 0 ? [] : [quoted(`1:value:(${choices.join(' ')})`)];
    return `    ${command}) _arguments ${[...flags.map(argument), ...behind].join(' ')} ;;`;
  };
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
  local -a commands
  commands=(${all.map((known) => quoted(`${known.name}:${plain(known.words)}`)).join(' ')})
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${all.map(one).join('\n')}
  esac
}
(( $+functions[compdef] )) && compdef _${name} ${name}
`;
};

const fish = (name: string, all: readonly Known[]): string => {
  const flag = (command: string, { short, long, words, takes: what, choices }: Flag): string =>
    [
      `complete -c ${name} -n '__fish_seen_subcommand_from ${command}'`,
      ...(short === null ? [] : [`-s ${short.slice(1)}`]),
      `-l ${long.slice(2)}`,
      ...(what === 'nothing' ? [] : [what === 'file' ? '-r -F' : `-x -a ${quoted(choices.join(' '))}`]),
      `-d ${quoted(words)}`,
    ].join(' ');
  const lines = all.flatMap((known) => [
    `complete -c ${name} -n __fish_use_subcommand -a ${known.name} -d ${quoted(known.words)}`,
    ...known.flags.map((one) => flag(known.name, one)),
    ...(known.choices.length === 0
      ? []
      : [`complete -c ${name} -n '__fish_seen_subcommand_from ${known.name}' -a ${quoted(known.choices.join(' '))}`]),
  ]);
  return [
    `# fish completion of ${name}: ${name} completion fish | source`,
    `complete -c ${name} -f`,
    ...lines,
    '',
  ].join('\n');
};

const printers = { bash, zsh, fish } as const;

/** The script that completes a program's commands and flags in a shell. */
export const printCompletion = (program: Command, shell: Shell, valuesOf: ValuesOf): string =>
  printers[shell](
    program.name(),
    program.commands.map((command) => knownOf(command, valuesOf)),
  );
