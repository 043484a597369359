-- The practice's day: what the dashboard counts. People's names are in it, as in the real one.
create table if not exists public.clients (
  id              uuid primary key default gen_random_uuid(),
  organization_id uuid not null,
  full_name       text not null,
  status          text not null default 'active'
);

create table if not exists public.sessions (
  id              uuid        primary key default gen_random_uuid(),
  organization_id uuid        not null,
  client_id       uuid        not null references public.clients (id),
  start_time      timestamptz not null,
  status          text        not null default 'scheduled'
);

create table if not exists public.billing_records (
  id              uuid    primary key default gen_random_uuid(),
  organization_id uuid    not null,
  amount          numeric not null,
  status          text    not null default 'pending'
);

alter table public.clients enable row level security;
alter table public.sessions enable row level security;
alter table public.billing_records enable row level security;

-- The numbers of the caller's organisation, for its staff alone; the tables themselves are open to nobody.
create or replace function public.get_dashboard_data()
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  claims jsonb := (select auth.jwt());
  organization uuid := nullif(claims -> 'app_metadata' ->> 'organization_id', '')::uuid;
begin
  if coalesce(claims -> 'app_metadata' ->> 'role', claims -> 'user_metadata' ->> 'role', 'client') = 'client' then
    raise insufficient_privilege using message = 'the dashboard is for staff';
  end if;
  return jsonb_build_object(
    'todaySessions', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', session.id, 'start_time', session.start_time, 'status', session.status,
        'client', jsonb_build_object('id', client.id, 'full_name', client.full_name)
      ) order by session.start_time), '[]'::jsonb)
      from public.sessions session join public.clients client on client.id = session.client_id
      where session.organization_id = organization and session.start_time::date = current_date),
    'incompleteSessions', '[]'::jsonb,
    'billingAlerts', (
      select coalesce(jsonb_agg(jsonb_build_object('id', record.id, 'amount', record.amount)), '[]'::jsonb)
      from public.billing_records record
      where record.organization_id = organization and record.status = 'pending'),
    'clientMetrics', (
      select jsonb_build_object('total', count(*), 'active', count(*) filter (where client.status = 'active'))
      from public.clients client where client.organization_id = organization)
  );
end
$$;

revoke all on function public.get_dashboard_data() from public, anon;
grant execute on function public.get_dashboard_data() to authenticated;
