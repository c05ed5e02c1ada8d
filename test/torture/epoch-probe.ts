import { withClient } from './postgres.ts'

/**
 * Design invariant 8: who lost a lease commits nothing. Marks, tickets and conditions make most late commits harmless,
 * so that no comparison of records can prove it. Instead each worker process is given a database user of its own, and a
 * trigger at the end of every transaction looks whether the process that commits holds the lease of what it wrote.
 */
export interface EpochProbe {
  /** The address for a worker, under a user of its own. */
  urlFor(worker: string): string
  /** This worker is now this process. */
  enrol(worker: string, pid: number): Promise<void>
  /** Commits by processes that held no lease. */
  intruders(): Promise<string[]>
}

const SCHEMA = `
  create schema torture;
  create table torture.process(who text primary key, pid integer not null);
  create table torture.intruder(at timestamptz not null default clock_timestamp(), who text, wrote text, holders text);`

const TRIGGERS = `
  create function torture.require(wrote text, names text[]) returns void language plpgsql as $$
    declare mine integer; holders text;
    begin
      select pid into mine from torture.process where who = session_user;
      if mine is null then return; end if;
      if exists (select from jackfield.lease where name = any(names) and holder like '%:' || mine) then return; end if;
      select string_agg(name || ' is held by ' || coalesce(holder, 'nobody'), ', ') into holders
        from jackfield.lease where name = any(names);
      insert into torture.intruder(who, wrote, holders) values (session_user || ' (process ' || mine || ')', wrote, holders);
    end $$;
  create function torture.page() returns trigger language plpgsql as $$
    begin
      perform torture.require('a page', array(select 'sync:' || table_id from jackfield.sync_run where id = new.run_id));
      return null;
    end $$;
  create function torture.place() returns trigger language plpgsql as $$
    begin
      if new.last_pass_at is distinct from old.last_pass_at then
        perform torture.require('where a pass ended', array['sync:' || new.id]);
      end if;
      return null;
    end $$;
  create function torture.hint() returns trigger language plpgsql as $$
    begin
      perform torture.require('a settled hint', 'hints:' || old.connection_id || array(
        select 'sync:' || id from jackfield.synced_table where connection_id = old.connection_id and entity = old.entity));
      return null;
    end $$;
  create function torture.step() returns trigger language plpgsql as $$
    begin
      perform torture.require('a step of a write', array['outbox:' || new.connection_id]);
      return null;
    end $$;
  create function torture.row() returns trigger language plpgsql as $$
    begin
      if (new.state, new.sent, new.done, new.hash, new.mark) is distinct from (old.state, old.sent, old.done, old.hash, old.mark) then
        perform torture.require('a row of a destination', array['destination:' || new.destination_id]);
      end if;
      return null;
    end $$;
  create function torture.reader() returns trigger language plpgsql as $$
    begin
      if new.cursor is distinct from old.cursor or new.listed_at is distinct from old.listed_at then
        perform torture.require('what a destination has read', array['destination:' || new.id]);
      end if;
      return null;
    end $$;
  create constraint trigger torture_row after update on jackfield.destination_row
    deferrable initially deferred for each row execute function torture.row();
  create constraint trigger torture_reader after update on jackfield.destination
    deferrable initially deferred for each row execute function torture.reader();
  create constraint trigger torture_page after insert or update on jackfield.sync_page
    deferrable initially deferred for each row execute function torture.page();
  create constraint trigger torture_place after update on jackfield.synced_table
    deferrable initially deferred for each row execute function torture.place();
  create constraint trigger torture_hint after delete on jackfield.hint
    deferrable initially deferred for each row execute function torture.hint();
  create constraint trigger torture_step after update on jackfield.outbox
    deferrable initially deferred for each row execute function torture.step();`

/** Users can be made on an empty database; the triggers need the hub's tables (see `arm`). */
export async function prepareProbe(superuserUrl: string, workers: readonly string[]): Promise<EpochProbe> {
  const password = new URL(superuserUrl).password
  await withClient(superuserUrl, async (client) => {
    await client.query(SCHEMA)
    for (const worker of workers) {
      await client.query(`create role ${userOf(worker)} superuser login password '${decodeURIComponent(password)}'`)
    }
  })
  return {
    urlFor(worker) {
      const url = new URL(superuserUrl)
      url.username = userOf(worker)
      return url.href
    },
    enrol: (worker, pid) =>
      withClient(superuserUrl, async (client) => {
        const upsert = 'insert into torture.process values ($1, $2) on conflict (who) do update set pid = $2'
        await client.query(upsert, [userOf(worker), pid])
      }),
    intruders: () =>
      withClient(superuserUrl, async (client) => {
        const { rows } = await client.query<{ told: string }>(
          `select who || ' committed ' || wrote || ' at ' || at || ' while ' || coalesce(holders, 'there was no lease') as told
            from torture.intruder order by at`,
        )
        return rows.map((row) => row.told)
      }),
  }
}

const userOf = (worker: string) => `torture_${worker}`

/** Once the hub has made its tables. */
export async function armProbe(superuserUrl: string): Promise<void> {
  await withClient(superuserUrl, (client) => client.query(TRIGGERS))
}
