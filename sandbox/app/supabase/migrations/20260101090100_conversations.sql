-- What a user says to the agent. A user has its own conversations alone; admins read all.
create table public.conversations (
  id         uuid        primary key default gen_random_uuid(),
  user_id    uuid        references auth.users on delete cascade,
  title      text        not null default 'Untitled',
  is_active  boolean     default true,
  metadata   jsonb       default '{}',
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

alter table public.conversations enable row level security;

create policy conversations_service on public.conversations for all to service_role using (true) with check (true);
create policy conversations_own on public.conversations for all to authenticated
  using (user_id = auth.uid()) with check (user_id = auth.uid());
create policy conversations_admins_read on public.conversations for select to authenticated
  using (app.user_has_role('admin') or app.user_has_role('super_admin'));
