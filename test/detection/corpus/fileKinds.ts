/** A kind of file in which people keep values. */
export interface FileKind {
  readonly name: string;
  readonly file: string;
  /** The file's content with `variable` set to `value`. */
  write(variable: string, value: string): string;
}

const quoted = (value: string) => JSON.stringify(value);
const oneLine = (value: string) => value.replaceAll('\n', '\\n');

/** The kinds of files, each as its users write it. */
export const fileKinds: readonly FileKind[] = [
  {
    name: 'env',
    file: '.env',
    write: (n, v) => `NODE_ENV=production\nPORT=3000\n${n}=${v.includes('\n') ? quoted(v) : v}\nLOG_LEVEL=info\n`,
  },
  {
    name: 'typescript',
    file: 'client.ts',
    write: (n, v) =>
      `import { create } from './create.ts';\n\n// talks to the service\nconst ${n}: string = '${oneLine(v)}';\nexport const client = create(${n});\n`,
  },
  {
    name: 'javascript',
    file: 'client.js',
    write: (n, v) => `module.exports = {\n  retries: 3,\n  ${n}: \`${v}\`,\n};\n`,
  },
  {
    name: 'json',
    file: 'config.json',
    write: (n, v) => `${JSON.stringify({ name: 'app', settings: { retries: 3, [n]: v } }, null, 2)}\n`,
  },
  {
    name: 'json, one line',
    file: 'settings.json',
    write: (n, v) => JSON.stringify({ name: 'app', env: [{ name: n, value: v }] }),
  },
  {
    name: 'yaml',
    file: 'values.yaml',
    write: (n, v) =>
      `app:\n  replicas: 2\n  ${n}: ${v.includes('\n') ? `|\n${v.replace(/^/gm, '    ')}` : v}\n  region: eu\n`,
  },
  {
    name: 'yaml list',
    file: 'deployment.yaml',
    write: (n, v) =>
      `spec:\n  containers:\n    - image: app\n      env:\n        - name: ${n}\n          value: ${quoted(v)}\n`,
  },
  {
    name: 'yaml, nested',
    file: 'Pulumi.staging.yaml',
    write: (n, v) =>
      `config:\n  app:values:\n    ${n}:\n      netlify: { secret: true }\n      # not in the vault yet\n      value: ${v.includes('\n') ? `|\n${v.replace(/^/gm, '        ')}` : v}\n`,
  },
  {
    name: 'yaml, another context',
    file: 'Pulumi.dev.yaml',
    write: (n, v) =>
      `config:\n  app:values:\n    ${n}:\n      from: op://Platform/Supabase/field\n      netlify:\n        secret: true\n        otherContexts:\n          branch:next: op://Platform/Supabase/next\n          dev: ${quoted(v)}\n`,
  },
  {
    name: 'json, nested',
    file: 'variables.json',
    write: (n, v) => `${JSON.stringify({ app: { [n]: { scopes: ['builds'], value: v, required: true } } }, null, 2)}\n`,
  },
  {
    name: 'json, nested in one line',
    file: 'stack.json',
    write: (n, v) => JSON.stringify({ app: { [n]: { default: v } } }),
  },
  {
    name: 'typescript, nested',
    file: 'variables.ts',
    write: (n, v) =>
      `export const variables: Variables = {\n  ${n}: {\n    secret: true,\n    value: '${oneLine(v)}',\n  },\n};\n`,
  },
  {
    name: 'configuration by its path',
    file: 'configure.sh',
    write: (n, v) => `pulumi config set --path 'app:values.${n}.value' '${oneLine(v)}'\n`,
  },
  {
    name: 'toml',
    file: 'app.toml',
    write: (n, v) => `[service]\nretries = 3\n${n} = ${v.includes('\n') ? `"""\n${v}\n"""` : quoted(v)}\n`,
  },
  { name: 'ini', file: 'app.ini', write: (n, v) => `[service]\nretries=3\n${n} = ${oneLine(v)}\n` },
  { name: 'properties', file: 'app.properties', write: (n, v) => `service.retries=3\nservice.${n}=${oneLine(v)}\n` },
  {
    name: 'markdown',
    file: 'NOTES.md',
    write: (n, v) => `# Set-up\n\nRun this first:\n\n\`\`\`sh\nexport ${n}="${v}"\nnpm start\n\`\`\`\n`,
  },
  {
    name: 'markdown table',
    file: 'TABLE.md',
    write: (n, v) => `# Settings\n\n| Name | Value |\n| --- | --- |\n| \`${n}\` | \`${oneLine(v)}\` |\n`,
  },
  {
    name: 'shell',
    file: 'deploy.sh',
    write: (n, v) => `#!/bin/sh\nset -eu\nexport ${n}='${v}'\nexec npm run deploy\n`,
  },
  {
    name: 'terraform',
    file: 'main.tf',
    write: (n, v) => `resource "app" "main" {\n  region = "eu"\n  ${n} = ${quoted(v)}\n}\n`,
  },
  {
    name: 'terraform variable',
    file: 'variables.tf',
    write: (n, v) => `variable "${n}" {\n  type = string\n  default = ${quoted(v)}\n}\n`,
  },
  {
    name: 'terraform, nested',
    file: 'locals.tf',
    write: (n, v) => `locals {\n  ${n} = {\n    scopes = ["builds"]\n    value  = ${quoted(v)}\n  }\n}\n`,
  },
  {
    name: 'c# property',
    file: 'Settings.cs',
    write: (n, v) => `public class Settings {\n  public string ${n} { get; set; } = ${quoted(v)};\n}\n`,
  },
  {
    name: 'vue',
    file: 'App.vue',
    write: (n, v) => `<script setup>\nconst ${n} = ref('${oneLine(v)}')\n</script>\n`,
  },
  {
    name: 'property list',
    file: 'Info.plist',
    write: (n, v) => `<dict>\n  <key>${n}</key>\n  <string>${oneLine(v).replaceAll('&', '&amp;')}</string>\n</dict>\n`,
  },
  {
    name: 'python',
    file: 'settings.py',
    write: (n, v) => `import os\n\nDEBUG = False\n${n} = ${v.includes('\n') ? `"""${v}"""` : `"${v}"`}\n`,
  },
  {
    name: 'python default',
    file: 'main.py',
    write: (n, v) => `import os\n\nvalue = os.environ.get("${n}", ${quoted(v)})\n`,
  },
  {
    name: 'go',
    file: 'main.go',
    write: (n, v) => `package main\n\nvar ${n} = ${v.includes('\n') ? `\`${v}\`` : quoted(v)}\n`,
  },
  {
    name: 'dockerfile',
    file: 'Dockerfile',
    write: (n, v) => `FROM node:24\nENV ${n}=${quoted(v)}\nCMD ["node", "app.js"]\n`,
  },
  {
    name: 'compose',
    file: 'compose.yaml',
    write: (n, v) => `services:\n  app:\n    environment:\n      - ${quoted(`${n}=${v}`)}\n`,
  },
  {
    name: 'xml',
    file: 'app.config',
    write: (n, v) =>
      `<configuration>\n  <add key="${n}" value="${oneLine(v).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}" />\n</configuration>\n`,
  },
  {
    name: 'html',
    file: 'index.html',
    write: (n, v) => `<!doctype html>\n<script>\n  window.settings = { ${n}: ${quoted(v)} };\n</script>\n`,
  },
  {
    name: 'minified javascript',
    file: 'app.min.js',
    write: (n, v) => `!function(e,t){"use strict";var r={a:1,${n}:${quoted(v)},b:function(){return 2}};e.x=r}(this,0);`,
  },
  {
    name: 'sql',
    file: 'seed.sql',
    write: (n, v) => `begin;\ninsert into settings (name, value) values ('${n}', '${v}');\ncommit;\n`,
  },
  {
    name: 'csv',
    file: 'export.csv',
    write: (n, v) =>
      `name,value\nregion,eu\n${n},${oneLine(v).includes(',') || v.includes('"') ? `"${oneLine(v).replaceAll('"', '""')}"` : oneLine(v)}\n`,
  },
];
