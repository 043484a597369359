-- Steps of a ledger's work name it. An organisation's admins read its own traces; a super admin reads all.
alter table public.agent_execution_traces
  add column work_item_id uuid,
  add column step_id uuid,
  add column attempt_id uuid,
  add constraint agent_execution_traces_scope check (
    (work_item_id is null or organization_id is not null)
    and (step_id is null or work_item_id is not null)
    and (attempt_id is null or step_id is not null)
  );

create function public.current_user_is_super_admin() returns boolean
  language sql stable as $$ select app.user_has_role('super_admin') $$;

create function public.user_has_role_for_org(role_name text, target_organization_id uuid) returns boolean
  language sql stable as $$
  select app.user_has_role(role_name) and app.current_user_organization_id() = target_organization_id
$$;

drop policy agent_execution_traces_read on public.agent_execution_traces;
create policy agent_execution_traces_read on public.agent_execution_traces for select to authenticated
  using (
    public.current_user_is_super_admin()
    or public.user_has_role_for_org('admin', organization_id)
    or public.user_has_role_for_org('monitoring', organization_id)
  );
