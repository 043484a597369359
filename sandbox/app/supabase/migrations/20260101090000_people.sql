-- Who may do what: roles by name, who has them, and a profile for each user. Policies ask app.user_has_role().
create schema app;
grant usage on schema app to anon, authenticated, service_role;

create table public.roles (
  id         uuid        primary key default gen_random_uuid(),
  name       text        not null unique,
  created_at timestamptz default now()
);

create table public.user_roles (
  id         uuid        primary key default gen_random_uuid(),
  user_id    uuid        references auth.users on delete cascade,
  role_id    uuid        references public.roles on delete cascade,
  created_at timestamptz default now(),
  unique (user_id, role_id)
);

create table public.profiles (
  id              uuid        primary key references auth.users on delete cascade,
  email           text        not null unique,
  role            text        not null default 'client',
  first_name      text,
  last_name       text,
  full_name       text        generated always as (coalesce(first_name || ' ' || last_name, first_name, last_name, email)) stored,
  organization_id uuid,
  is_active       boolean     default true,
  created_at      timestamptz default now(),
  updated_at      timestamptz default now()
);

alter table public.roles enable row level security;
alter table public.user_roles enable row level security;
alter table public.profiles enable row level security;

create policy roles_read on public.roles for select to authenticated using (true);
create policy user_roles_read on public.user_roles for select to authenticated using (user_id = (select auth.uid()));
create policy profiles_read on public.profiles for select to authenticated using (id = (select auth.uid()));
create policy profiles_change on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));

insert into public.roles (name) values ('client'), ('therapist'), ('admin'), ('super_admin'), ('monitoring');

create function app.user_has_role(role_name text) returns boolean
  language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.user_roles held join public.roles role on role.id = held.role_id
    where held.user_id = auth.uid() and role.name = role_name
  )
$$;

create function app.current_user_organization_id() returns uuid
  language sql stable security definer set search_path = '' as $$
  select organization_id from public.profiles where id = auth.uid()
$$;

-- What clients call by name.
create function public.current_user_organization_id() returns uuid
  language sql stable as $$ select app.current_user_organization_id() $$;
create function public.get_user_roles() returns table (roles text[])
  language sql stable security definer set search_path = '' as $$
  select array_agg(role.name order by role.name)
  from public.user_roles held join public.roles role on role.id = held.role_id
  where held.user_id = auth.uid()
$$;

-- A new user gets the role and the organisation that the service role wrote into its metadata; without one it is a client.
create function app.adopt_user() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  wanted text := coalesce(new.app_metadata ->> 'role', 'client');
begin
  insert into public.profiles (id, email, role, organization_id)
  values (new.id, new.email, wanted, (new.app_metadata ->> 'organization_id')::uuid)
  on conflict (id) do update set role = excluded.role, organization_id = excluded.organization_id;
  delete from public.user_roles where user_id = new.id;
  insert into public.user_roles (user_id, role_id) select new.id, id from public.roles where name = wanted;
  return new;
end
$$;

create trigger adopt_user after insert or update of app_metadata on auth.users
  for each row execute function app.adopt_user();
