import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";

/** A property, a method or an argument, as it is written in the source. */
export interface Member {
  readonly name: string;
  /** Its type, or a method's parameters and result. */
  readonly type: string;
  readonly optional: boolean;
  readonly docs: string;
}

/** A class, interface or type alias of the components. */
export interface Declaration {
  readonly kind: "class" | "interface" | "alias";
  readonly name: string;
  readonly docs: string;
  /** Inherited ones too, after its own. */
  readonly members: readonly Member[];
  readonly methods: readonly Member[];
  /** Of a class, the name of its args' type; of an alias, what it stands for; of an interface, the `Omit` that it extends. */
  readonly of: string;
}

export type Declarations = ReadonlyMap<string, Declaration>;

/** What the files of a folder declare, by name. */
export function declarationsIn(folder: string): Declarations {
  const nodes = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return [...ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true).statements];
    })
    .filter(isDeclaration)
    // Where two files have a type of one name, the exported one is meant.
    .sort((one, other) => Number(isExported(one)) - Number(isExported(other)));
  const byName = new Map(nodes.map((node) => [node.name?.text ?? "", node]));
  return new Map(nodes.map((node) => [node.name?.text ?? "", declarationOf(node, byName)]));
}

type Node = ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

function isDeclaration(node: ts.Node): node is Node {
  return ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function isExported(node: Node): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
}

function declarationOf(node: Node, byName: ReadonlyMap<string, Node>): Declaration {
  const base = { name: node.name?.text ?? "", docs: docsOf(node) };
  if (ts.isTypeAliasDeclaration(node))
    return { ...base, kind: "alias", members: [], methods: [], of: textOf(node.type) };
  if (ts.isInterfaceDeclaration(node))
    return { ...base, kind: "interface", members: membersOf(node, byName), methods: [], of: omitOf(node) };
  const constructor = node.members.find(ts.isConstructorDeclaration);
  const properties = node.members.filter(ts.isPropertyDeclaration);
  return {
    ...base,
    kind: "class",
    members: properties.map(memberOf),
    methods: node.members.filter(ts.isMethodDeclaration).filter(isPublic).map(methodOf),
    of: textOf(constructor?.parameters[1]?.type),
  };
}

function membersOf(node: ts.InterfaceDeclaration, byName: ReadonlyMap<string, Node>): Member[] {
  const own = node.members.filter(ts.isPropertySignature).map(memberOf);
  const parents = parentsOf(node).map(({ expression }) => byName.get(expression.getText()));
  const inherited = parents.flatMap((parent) =>
    parent !== undefined && ts.isInterfaceDeclaration(parent) ? membersOf(parent, byName) : [],
  );
  return [...own, ...inherited.filter(({ name }) => own.every((member) => member.name !== name))];
}

function omitOf(node: ts.InterfaceDeclaration): string {
  return textOf(parentsOf(node).find(({ expression }) => expression.getText() === "Omit"));
}

function parentsOf(node: ts.InterfaceDeclaration): readonly ts.ExpressionWithTypeArguments[] {
  return (node.heritageClauses ?? []).flatMap(({ types }) => [...types]);
}

function memberOf(node: ts.PropertySignature | ts.PropertyDeclaration): Member {
  return {
    name: node.name.getText(),
    type: textOf(node.type),
    optional: node.questionToken !== undefined,
    docs: docsOf(node),
  };
}

function methodOf(node: ts.MethodDeclaration): Member {
  const parameters = node.parameters.map((parameter) => parameter.getText().replace(/\s+/g, " "));
  return {
    name: node.name.getText(),
    type: `(${parameters.join(", ")}): ${textOf(node.type)}`,
    optional: false,
    docs: docsOf(node),
  };
}

function isPublic(node: ts.MethodDeclaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(node) & hidden) === 0;
}

/** The docstring, its lines joined as the paragraphs that they are; `@throws` as a sentence. */
function docsOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  if (doc === undefined) return "";
  const thrown = (doc.tags ?? [])
    .filter(({ tagName }) => tagName.text === "throws")
    .map(
      (tag) =>
        `Throws ${tag
          .getText()
          .replace(/^@throws\s+/, "")
          .replace(/\s*\*?\s*$/, "")}.`,
    );
  return [ts.getTextOfJSDocComment(doc.comment) ?? "", ...thrown]
    .join("\n\n")
    .split(/\n{2,}/)
    .map((paragraph) => (paragraph.includes("```") ? paragraph : paragraph.replace(/\s*\n\s*/g, " ")))
    .join("\n\n")
    .trim();
}

function textOf(node: ts.Node | undefined): string {
  return (node?.getText() ?? "").replace(/\s+/g, " ");
}
