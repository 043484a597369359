-- Where the staging smoke test writes, reads back and removes a row. All environments share the project, so the
-- table is of no use to anything else: each row is tagged with its run, belongs to who wrote it, and expires.
create table if not exists public.staging_smoke_checks (
  id         uuid        primary key default gen_random_uuid(),
  tag        text        not null check (char_length(tag) between 1 and 200),
  note       text        not null default '' check (char_length(note) <= 500),
  created_by uuid        not null default auth.uid(),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '1 hour'
    check (expires_at <= created_at + interval '1 day')
);

create index if not exists staging_smoke_checks_expires on public.staging_smoke_checks (expires_at);

alter table public.staging_smoke_checks enable row level security;
alter table public.staging_smoke_checks force row level security;

revoke all on public.staging_smoke_checks from anon, authenticated;
grant select, insert, delete on public.staging_smoke_checks to authenticated;
grant select, insert, update, delete on public.staging_smoke_checks to service_role;

drop policy if exists staging_smoke_checks_own on public.staging_smoke_checks;
create policy staging_smoke_checks_own on public.staging_smoke_checks
  for all to authenticated using (created_by = auth.uid()) with check (created_by = auth.uid());
