-- What agents did and what the gate refused: the proof that a kill switch works. Written by the service role only;
-- a denied step is step_name = 'execution.gate.denied' with payload ->> 'killSwitchEnabled' = 'true'.
-- Where the table is there already, its rows stay, and anon and authenticated lose what they could do: compare that with
-- the live grants before you apply it.
create table if not exists public.agent_execution_traces (
  id              uuid        primary key default gen_random_uuid(),
  request_id      text        not null,
  step_name       text        not null,
  status          text        not null,
  payload         jsonb       not null default '{}'::jsonb,
  organization_id uuid,
  created_at      timestamptz not null default now()
);

create index if not exists agent_execution_traces_step_time
  on public.agent_execution_traces (step_name, created_at desc);

alter table public.agent_execution_traces enable row level security;
alter table public.agent_execution_traces force row level security;

-- Traces may carry what a user asked an agent to do: neither a visitor nor a signed-in user reads them.
revoke all on public.agent_execution_traces from anon, authenticated;
grant select, insert, update, delete on public.agent_execution_traces to service_role;
