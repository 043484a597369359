-- The agents' kill switch: one row, config_key = 'global'. Everybody who is signed in may read it, nobody but the
-- service role may write it: a switch that an agent (or a visitor) can turn back on is none.
-- Where the table is there already, production reads it: columns that are missing are added, values stay, and what anon
-- and authenticated may do is cut to reading. Compare that with the live grants before you apply it.
create table if not exists public.agent_runtime_config (
  config_key       text primary key,
  actions_disabled boolean     not null default false,
  reason           text,
  updated_by       text,
  updated_at       timestamptz not null default now()
);

alter table public.agent_runtime_config
  add column if not exists reason     text,
  add column if not exists updated_by text,
  add column if not exists updated_at timestamptz not null default now();

comment on table public.agent_runtime_config is
  'Runtime settings of the agents; config_key ''global'' holds the kill switch (actions_disabled).';

alter table public.agent_runtime_config enable row level security;
alter table public.agent_runtime_config force row level security;

-- Hosted Supabase grants everything on public to these roles by default; here only what is needed remains.
revoke all on public.agent_runtime_config from anon, authenticated;
grant select on public.agent_runtime_config to anon, authenticated;
grant select, insert, update, delete on public.agent_runtime_config to service_role;

drop policy if exists agent_runtime_config_read on public.agent_runtime_config;
create policy agent_runtime_config_read on public.agent_runtime_config
  for select to anon, authenticated using (true);

-- The time of a change is the database's, not the caller's.
create or replace function public.agent_runtime_config_touch() returns trigger
  language plpgsql set search_path = '' as $$
begin
  new.updated_at := now();
  return new;
end $$;

drop trigger if exists agent_runtime_config_touch on public.agent_runtime_config;
create trigger agent_runtime_config_touch before insert or update on public.agent_runtime_config
  for each row execute function public.agent_runtime_config_touch();

-- The row must exist for the switch to work; its value is never set here, so that a re-run cannot undo an emergency.
insert into public.agent_runtime_config (config_key) values ('global') on conflict (config_key) do nothing;
