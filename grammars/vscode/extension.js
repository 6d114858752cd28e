// Starts `hypercuboid lsp` for files of the language and speaks with it over stdio.
const { window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async () => {
  const [command, ...args] = workspace.getConfiguration("hypercuboid").get("server");
  if (!command) return;
  client = new LanguageClient("hypercuboid", "hypercuboid", { command, args }, { documentSelector: [{ language: "hypercuboid" }] });
  try {
    await client.start();
  } catch (problem) {
    window.showErrorMessage(`\`${command}\` did not start (${problem.message}): pip install "hypercuboid[lsp]", or set hypercuboid.server`);
  }
};

exports.deactivate = () => client?.stop();
