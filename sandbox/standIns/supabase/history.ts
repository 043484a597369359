import type { PGlite } from '@electric-sql/pglite';

/**
 * Keeps what changes from now on, for a restore: every row of the project's tables, and every table that is made. What
 * is done to a table's columns is not kept.
 */
const keeping = `
create schema platform;
create table platform.changes (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  relation text not null,
  before jsonb,
  after jsonb
);
create table platform.made (relation text primary key, at timestamptz not null default clock_timestamp());
create function platform.keep() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.changes (relation, before, after)
    values (format('%I.%I', tg_table_schema, tg_table_name), to_jsonb(old), to_jsonb(new));
  return null;
end $$;
create function platform.watch(relation text) returns void language plpgsql security definer set search_path = '' as $$
begin
  execute format(
    'create trigger platform_keep after insert or update or delete on %s for each row execute function platform.keep()',
    relation);
end $$;
create function platform.notice() returns event_trigger language plpgsql security definer set search_path = '' as $$
declare made record;
begin
  for made in select object_identity, schema_name from pg_event_trigger_ddl_commands() where command_tag = 'CREATE TABLE'
  loop
    if made.schema_name in ('public', 'supabase_migrations') then
      insert into platform.made (relation) values (made.object_identity)
        on conflict (relation) do update set at = clock_timestamp();
      perform platform.watch(made.object_identity);
    end if;
  end loop;
end $$;
create event trigger platform_notice on ddl_command_end when tag in ('CREATE TABLE') execute function platform.notice();
select platform.watch(format('%I.%I', schemaname, tablename)) from pg_tables
  where schemaname in ('public', 'supabase_migrations');
`;

/** Undoes, the newest first, what was kept after a moment; then drops the tables that were not there yet. */
const undoing = `
do $$
declare
  target timestamptz := to_timestamp(TARGET);
  change record;
  made record;
begin
  set local session_replication_role = replica;
  for change in select * from platform.changes where at > target order by id desc loop
    continue when to_regclass(change.relation) is null;
    if change.after is not null then
      execute format(
        'delete from %1$s where ctid = (select ctid from %1$s t where to_jsonb(t) = $1 limit 1)', change.relation)
        using change.after;
    end if;
    if change.before is not null then
      execute format('insert into %1$s select * from jsonb_populate_record(null::%1$s, $1)', change.relation)
        using change.before;
    end if;
  end loop;
  for made in select relation from platform.made where at > target loop
    execute format('drop table if exists %s cascade', made.relation);
  end loop;
  delete from platform.changes where at > target;
  delete from platform.made where at > target;
end $$;
`;

/** Begins to keep what changes: what is there now is the oldest state that a restore goes back to. */
export async function keepHistory(database: PGlite): Promise<void> {
  const known = await database.query("select 1 from pg_namespace where nspname = 'platform'");
  if (known.rows.length === 0) await database.exec(keeping);
}

/** Sets the project's data back to a moment (seconds since 1970), as a point-in-time restore does: everybody's, everywhere. */
export async function setBack(database: PGlite, target: number): Promise<void> {
  await database.exec(undoing.replace('TARGET', String(Math.floor(target))));
}
