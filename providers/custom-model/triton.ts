/**
 * What is wrong with files as a model repository of Triton's: each model a folder with a folder for each of its versions, at the top or below
 * `triton`.
 *
 * @param paths relative to the model's own folder
 */
export function repositoryProblems(paths: readonly string[]): string[] {
  if (paths.some((path) => /^(triton\/)?[^/]+\/[1-9]\d*\/./.test(path))) return [];
  return ["has no model of Triton's: a file such as NAME/1/model.onnx, at the top or below a folder triton"];
}
