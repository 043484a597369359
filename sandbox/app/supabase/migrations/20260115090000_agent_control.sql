-- The agents' switch: the row 'global', which admins may change. There is no trigger: updated_at is what the writer sends.
create table public.agent_runtime_config (
  config_key       text        primary key,
  actions_disabled boolean     not null default false,
  reason           text,
  updated_at       timestamptz not null default timezone('UTC', now()),
  updated_by       uuid        default auth.uid()
);

alter table public.agent_runtime_config enable row level security;

create policy agent_runtime_config_read on public.agent_runtime_config for select to authenticated
  using (app.user_has_role('admin') or app.user_has_role('super_admin'));
create policy agent_runtime_config_add on public.agent_runtime_config for insert to authenticated
  with check (app.user_has_role('admin') or app.user_has_role('super_admin'));
create policy agent_runtime_config_change on public.agent_runtime_config for update to authenticated
  using (app.user_has_role('admin') or app.user_has_role('super_admin'))
  with check (app.user_has_role('admin') or app.user_has_role('super_admin'));

insert into public.agent_runtime_config (config_key, reason) values ('global', 'as installed');

-- The agents' steps, one row each. The service role writes them.
create table public.agent_execution_traces (
  id              uuid        primary key default gen_random_uuid(),
  request_id      text        not null,
  correlation_id  text        not null,
  conversation_id text,
  user_id         uuid,
  organization_id uuid,
  step_name       text        not null,
  step_index      integer     not null default 0,
  status          text        not null check (status in ('ok', 'blocked', 'error')),
  payload         jsonb,
  replay_payload  jsonb,
  created_at      timestamptz not null default timezone('UTC', now())
);

create index agent_execution_traces_by_request on public.agent_execution_traces (request_id);
create index agent_execution_traces_by_correlation on public.agent_execution_traces (correlation_id);
create index agent_execution_traces_by_time on public.agent_execution_traces (created_at);

alter table public.agent_execution_traces enable row level security;

create policy agent_execution_traces_read on public.agent_execution_traces for select to authenticated
  using (app.user_has_role('admin') or app.user_has_role('super_admin') or app.user_has_role('monitoring'));
