// Ends processes that have started others, which have started others: an install, a build.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that starts another while it is looked for is found in the next round. */
const maxRounds = 10;

/**
 * Ends what belongs to the session that the process with this id leads, except for this process: on Linux every process of it, elsewhere
 * those that descend from its leader.
 */
export function endSession(leader) {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/F', '/T', '/PID', String(leader)], { stdio: 'ignore' });
    return;
  }
  const members = process.platform === 'linux' ? membersOf : descendantsOf;
  for (let round = 0; round < maxRounds; round += 1) {
    const pids = members(leader).filter((pid) => pid !== process.pid);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}

function membersOf(session) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && sessionAndState(name).join() === `${session},alive`)
    .map(Number);
}

function sessionAndState(pid) {
  try {
    // The name of the program, in brackets, may have spaces and brackets in it.
    const [state, , , session] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return [session, state === 'Z' || state === 'X' ? 'ended' : 'alive'];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function descendantsOf(leader) {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [leader];
  // It grows while it is walked.
  for (const parent of found) for (const [pid, ppid] of rows) if (ppid === parent) found.push(pid);
  return found;
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended meanwhile.
    if (error.code !== 'ESRCH') throw error;
  }
}
