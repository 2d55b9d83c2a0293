import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Found, faultsIn } from './support/words.js';

const MOST_WORDS = 40;

const isWritten = (name: string): boolean => name.endsWith('.ts') && !/node_modules|generated/.test(name);

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(isWritten)
    .sort();

/** Notes for tools, such as `eslint-disable`, are not prose. */
const isForTools = (comment: string): boolean => /^(?:\/\/|\/\*) ?(?:eslint|@ts|prettier|v8|@__PURE__)/.test(comment);

const proseOf = (comment: string): string =>
  comment.startsWith('//')
    ? comment.slice(2).trim()
    : comment
        .slice(2, -2)
        .replaceAll(/^[ *]+/gm, '')
        .trim();

/** The comments around a place, before and after a line break. */
const commentsAt = (text: string, at: number): readonly ts.CommentRange[] => [
  ...(ts.getTrailingCommentRanges(text, at) ?? []),
  ...(ts.getLeadingCommentRanges(text, at) ?? []),
];

/** Joins the lines of a comment in several `//`: a sentence may go on from one to the next. */
const joined = (text: string, ranges: readonly ts.CommentRange[]): readonly ts.TextRange[] => {
  const all: ts.TextRange[] = [];
  for (const { pos, end } of ranges) {
    const last = all.at(-1);
    const goesOn = last !== undefined && text.startsWith('//', last.pos) && text.startsWith('//', pos);
    const ownsLine = text.slice(text.lastIndexOf('\n', pos) + 1, pos).trim() === '';
    if (goesOn && ownsLine && /^\n *$/.test(text.slice(last.end, pos))) all.splice(-1, 1, { pos: last.pos, end });
    else all.push({ pos, end });
  }
  return all;
};

/** The text of a literal, with a word for each value in it; `null` for any other node. */
const textOf = (node: ts.Node): string | null => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `Value${literal.text}`).join('');
};

const nameOf = (callee: ts.Expression): string =>
  ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';

/** Makers of errors, refusals and problems of the config, the logger, and what prints the help. */
const speaks = /(?:Error|Refusal|refusal|refused|rejected|Problem|problem)$|^(?:must|info|warn|error|fatal)$/;
const helps = /^(?:description|option|Option|argument|addHelpText|say|fail)$/;

const messagesIn = (node: ts.Node, say: (literal: ts.Node, text: string) => void): void => {
  const text = textOf(node);
  if (text !== null) say(node, text);
  if (!ts.isFunctionLike(node)) ts.forEachChild(node, (child) => messagesIn(child, say));
};

interface Read {
  readonly comments: readonly Found[];
  readonly messages: readonly Found[];
}

const read = (file: string): Read => {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const place = (at: number): string => `${file}:${source.getLineAndCharacterOfPosition(at).line + 1}`;
  const comments = new Map<number, ts.CommentRange>();
  const messages = new Map<number, Found>();
  const visit = (node: ts.Node): void => {
    for (const at of [node.pos, node.end]) for (const one of commentsAt(text, at)) comments.set(one.pos, one);
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const name = nameOf(node.expression);
      if (speaks.test(name) || helps.test(name))
        for (const argument of node.arguments ?? [])
          messagesIn(argument, ({ end }, said) => messages.set(end, { place: place(end), text: said }));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const ranges = [...comments.values()].sort((a, b) => a.pos - b.pos);
  return {
    comments: joined(text, ranges)
      .map(({ pos, end }) => ({ place: place(pos), comment: text.slice(pos, end) }))
      .filter(({ comment }) => !isForTools(comment))
      .map(({ place: at, comment }) => ({ place: at, text: proseOf(comment.replaceAll(/\n *\/\/ ?/g, ' ')) })),
    messages: [...messages.values()].filter(({ text: said }) => said.includes(' ')),
  };
};

describe('the sources', () => {
  const all = filesIn('src').map(read);
  const comments = all.flatMap((one) => one.comments);
  const messages = all.flatMap((one) => one.messages);

  it('are read: their comments and messages are many', () => {
    expect(comments.length).toBeGreaterThan(3000);
    expect(messages.length).toBeGreaterThan(300);
  });

  it('have comments that are read once', () => {
    expect(faultsIn(comments, MOST_WORDS)).toEqual([]);
  });

  it('have errors, log lines and help that are read once', () => {
    expect(faultsIn(messages, MOST_WORDS)).toEqual([]);
  });
});

describe('the tests', () => {
  it('have comments that are read once', () => {
    const comments = filesIn('test').flatMap((file) => read(file).comments);
    expect(comments.length).toBeGreaterThan(1500);
    expect(faultsIn(comments, MOST_WORDS)).toEqual([]);
  });
});
