// The order of the table: root tasks that run, the latest first; then those that have ended, the last
// first. Sub-tasks stay with their root task.

/** Return the tasks in order, each with whether it is shown below its root task. */
export function inOrder(tasks, all) {
	const groups = new Map();
	for (const task of tasks) {
		const leader = leaderOf(task, all);
		const group = groups.get(leader.id);
		if (group) {
			group.tasks.push(task);
		}
		else {
			groups.set(leader.id, { leader, tasks: [task] });
		}
	}
	return [...groups.values()].sort(byLeader).flatMap(({ leader, tasks: members }) => {
		members.sort((a, b) => byRole(a, b, leader));
		const led = members[0] === leader;
		return members.map((task) => ({ task, nested: led && task !== leader }));
	});
}

function leaderOf(task, all) {
	return (task.rootId && all.get(task.rootId)) || task;
}

function byLeader({ leader: a }, { leader: b }) {
	if ((a.endedAt === null) !== (b.endedAt === null)) {
		return a.endedAt === null ? -1 : 1;
	}
	const difference = a.endedAt === null ? b.startedAt - a.startedAt : b.endedAt - a.endedAt;
	return difference || byId(a, b);
}

function byRole(a, b, leader) {
	if (a === leader || b === leader) {
		return a === leader ? -1 : 1;
	}
	return a.startedAt - b.startedAt || byId(a, b);
}

const byId = (a, b) => a.id < b.id ? -1 : 1;
