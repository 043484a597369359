import { look, type LookAlike } from './lookAlike.ts';

/** References, templates and examples in the place of a secret. */
export const placeholders: readonly LookAlike[] = [
  look(
    'vault references',
    'Pulumi.staging.yaml',
    () =>
      `config:\n  app:apiKey: op://Platform/Supabase/service_role_key\n  app:token: op://Platform/GitHub Deploy/credential\n`,
  ),
  look(
    'vault references, nested',
    'Pulumi.prod.yaml',
    () =>
      `config:\n  app:values:\n    DB_PASSWORD:\n      from: op://Platform/Database7/x9_password\n      production: op://Platform/Database7/production_x9\n      netlify: { secret: true, otherContexts: { dev: op://Platform/Database7/dev_x9 } }\n      edgeFunction: [true, POSTGRES_PASSWORD]\n`,
  ),
  look(
    'inputs of an action',
    'action.yml',
    () =>
      `inputs:\n  api-token:\n    description: the token of the deploy job\n    default: \${{ github.token }}\n  password:\n    required: false\n    default: changeit\n`,
  ),
  look(
    'tokens that spell words',
    'auth.test.ts',
    () =>
      `createTokenAuth('ghp_PersonalAccessToken01245678900000000');\nauth('ghs_InstallationOrActionToken000000000000');\n`,
  ),
  look('prose and names in base64', 'cache.json', () =>
    JSON.stringify({
      accessToken: Buffer.from('this is not a real value').toString('base64'),
      Authorization: `Basic ${Buffer.from('CLIENT_ID:CLIENT_SECRET').toString('base64')}`,
    }),
  ),
  look('test vector', 'vectors.json', () =>
    JSON.stringify({ verify_key: Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex') }),
  ),
  look('lock token', 'dav_test.go', (r) => `Token: \`urn:uuid:${r.uuid()}\`,\n`),
  look(
    'workflow secrets',
    'deploy.yml',
    () =>
      `env:\n  SLACK_WEBHOOK_URL: \${{ secrets.SLACK_WEBHOOK_URL }}\n  GITHUB_TOKEN: \${{ github.token }}\n  NPM_TOKEN: \${{ secrets.NPM_TOKEN }}\n`,
  ),
  look(
    'environment in code',
    'env.ts',
    () =>
      `const apiKey = process.env.OPENAI_API_KEY;\nconst token = import.meta.env.VITE_TOKEN ?? '';\nconst secret = process.env['JWT_SECRET'] || '';\n`,
  ),
  look(
    'environment in Python',
    'env.py',
    () =>
      `import os\nAPI_KEY = os.environ["API_KEY"]\nSECRET = os.getenv("APP_SECRET_KEY", "")\npassword = getpass.getpass("Password: ")\n`,
  ),
  look(
    'shell variables',
    'run.sh',
    () =>
      `export API_TOKEN="$STAGING_API_TOKEN"\nexport SECRET_KEY=\${SECRET_KEY:?must be set}\ncurl -H "Authorization: Bearer $TOKEN" https://api.acme.dev\n`,
  ),
  look(
    'terraform variables',
    'main.tf',
    () =>
      `resource "aws_db_instance" "db" {\n  password = var.database_password\n  kms_key_id = aws_kms_key.main.arn\n}\nvariable "api_token" {\n  type = string\n  sensitive = true\n}\n`,
  ),
  look(
    'helm template',
    'secret.yaml',
    () =>
      `apiVersion: v1\nkind: Secret\ndata:\n  password: {{ .Values.database.password | b64enc | quote }}\n  token: {{ randAlphaNum 32 | b64enc }}\n`,
  ),
  look(
    'angle brackets',
    'README.md',
    () => `Set \`OPENAI_API_KEY=<your-key>\` and \`SUPABASE_SERVICE_ROLE_KEY=<service-role-key>\`.\n`,
  ),
  look(
    'masked',
    'runbook.md',
    () => `The key starts with sk-**** and ends with ****; never paste more than \`****\`.\nSLACK_WEBHOOK_URL=****\n`,
  ),
  look(
    'x placeholders',
    '.env.example',
    () =>
      `GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nSTRIPE_KEY=sk_live_XXXXXXXXXXXXXXXXXXXXXXXX\nSLACK_WEBHOOK_URL=https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX\n`,
  ),
  look(
    'your-key placeholders',
    '.env.sample',
    () =>
      `OPENAI_API_KEY=sk-your-openai-api-key-goes-here\nSLACK_BOT_TOKEN=xoxb-your-token\nSECRET_KEY=change-me-in-production\nJWT_SECRET=your-256-bit-secret\n`,
  ),
  look('empty', '.env.template', () => `API_KEY=\nSECRET_TOKEN=""\nDB_PASSWORD=''\nNEXT=1\n`),
  look(
    'repeated characters',
    'fixture.ts',
    () =>
      `const token = 'ghp_${'a'.repeat(36)}';\nconst key = '${'0'.repeat(40)}';\nconst apiKey = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';\n`,
  ),
  look(
    'sequences',
    'fixture.py',
    () =>
      `API_KEY = "12345678901234567890"\ntoken = "abcdefghijklmnopqrstuvwxyz012345"\nsecret = "0123456789abcdef0123456789abcdef"\n`,
  ),
  look(
    'AWS example keys',
    'aws.md',
    () =>
      `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/')}\n`,
  ),
  look(
    'stock database addresses',
    'compose.yaml',
    () =>
      `DATABASE_URL: postgres://postgres:postgres@localhost:5432/postgres\nREDIS_URL: redis://:password@redis:6379\nMONGO: mongodb://root:example@mongo:27017\nMYSQL: mysql://user:pass@db/app\n`,
  ),
  look(
    'database address template',
    'db.md',
    () =>
      `postgresql://postgres:[YOUR-PASSWORD]@db.abcdefghij.supabase.co:5432/postgres\npostgres://USER:PASSWORD@HOST:5432/DB\npostgres://\${DB_USER}:\${DB_PASSWORD}@\${DB_HOST}/app\npostgres://app:<password>@host/db\nmongodb+srv://%s:%s@cluster/app\n`,
  ),
  look(
    'test passwords',
    'login.test.ts',
    () =>
      `await login({ email: 'a@b.c', password: 'Password123!' });\nawait login({ password: 'wrong-password' });\nconst secret = 'test-secret';\nconst token = 'fake-token-for-tests';\n`,
  ),
  look(
    'jwt introduction',
    'jwt.md',
    () =>
      `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"1234567890","name":"John Doe","iat":1516239022}').toString('base64url')}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`,
  ),
  look(
    'local Supabase key',
    'seed.env',
    (r) =>
      `SERVICE_ROLE_KEY=${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"iss":"supabase-demo","role":"service_role","exp":1983812996}').toString('base64url')}.${r.base64url(43)}\n`,
  ),
  look(
    'private key example',
    'keys.md',
    () =>
      `-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n\n-----BEGIN RSA PRIVATE KEY-----\nMIIE... (your key)\n-----END RSA PRIVATE KEY-----\n`,
  ),
  look(
    'private key in code',
    'pem.ts',
    () =>
      `if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error('not a private key');\nconst pattern = /-----BEGIN (RSA )?PRIVATE KEY-----[\\s\\S]+-----END/;\n`,
  ),
  look(
    'secret manager paths',
    'paths.tf',
    () =>
      `secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/app/token-AbCdEf"\nvault_token_path = "secret/data/prod/app2/api-token"\nsecret_name = "projects/my-app/secrets/api-key-v2/versions/3"\n`,
  ),
];
