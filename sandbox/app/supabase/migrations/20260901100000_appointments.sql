-- The sample application's own table: each organisation sees its appointments.
create table if not exists public.appointments (
  id              uuid        primary key default gen_random_uuid(),
  organization_id uuid        not null,
  title           text        not null,
  starts_at       timestamptz not null
);

alter table public.appointments enable row level security;
revoke all on public.appointments from anon, authenticated;
grant select on public.appointments to authenticated;

drop policy if exists appointments_own_organization on public.appointments;
create policy appointments_own_organization on public.appointments
  for select to authenticated
  using (organization_id = (auth.jwt() -> 'app_metadata' ->> 'organization_id')::uuid);
