/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package cloud.requence.samples.relay.web;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import cloud.requence.samples.relay.monitoring.DeadLetter;
import cloud.requence.samples.relay.monitoring.Monitor;
import cloud.requence.samples.relay.monitoring.Reading;
import cloud.requence.samples.relay.monitoring.TopicState.DeadLetters;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import cloud.requence.samples.relay.replay.DeadLetterReplay;
import cloud.requence.samples.relay.replay.DeadLetterReplay.Replayed;
import cloud.requence.samples.relay.replay.ReplayException;
import cloud.requence.samples.relay.security.Role;
import cloud.requence.task.TaskWatcher;

/**
 * Shows the state of the relay and the dead letters of a group, and replays them.
 */
@Controller
@ConditionalOnWebApplication
class StateController {

	private static final Logger logger = LoggerFactory.getLogger(StateController.class);

	private static final int PAGE_SIZE = 50;

	private final Monitor monitor;

	private final DeadLetterReplay replay;

	private final TaskWatcher watcher;

	StateController(Monitor monitor, DeadLetterReplay replay, TaskWatcher watcher) {
		this.monitor = monitor;
		this.replay = replay;
		this.watcher = watcher;
	}

	@GetMapping("/")
	String state(Model model, Authentication user) {
		addTo(model, user);
		Display show = new Display(Instant.now());
		model.addAttribute("watcher", WatcherView.of(this.watcher.status(), show));
		return "state";
	}

	@GetMapping("/dead-letters")
	String deadLetters(@RequestParam String group, @RequestParam(defaultValue = "1") int page, Model model,
			Authentication user) {
		Reading reading = addTo(model, user);
		List<DeadLetter> letters = find(reading, group).map(Group::deadLetters)
			.map(DeadLetters::letters)
			.orElse(List.of());
		int pages = Math.max(1, (letters.size() + PAGE_SIZE - 1) / PAGE_SIZE);
		int shown = Math.min(Math.max(1, page), pages);
		model.addAttribute("group", find(reading, group).orElse(null));
		model.addAttribute("name", group);
		model.addAttribute("letters",
				letters.subList((shown - 1) * PAGE_SIZE, Math.min(letters.size(), shown * PAGE_SIZE)));
		model.addAttribute("page", shown);
		model.addAttribute("pages", pages);
		return "dead-letters";
	}

	@PostMapping("/dead-letters/replay")
	String replay(@RequestParam String group, @RequestParam int partition, @RequestParam long offset,
			Authentication user, RedirectAttributes result) {
		Optional<DeadLetter> letter = known(group).letters()
			.stream()
			.filter((candidate) -> candidate.partition() == partition && candidate.offset() == offset)
			.findFirst();
		if (letter.isPresent()) {
			Display show = new Display(Instant.now());
			logger.info("User '{}' replays dead letter {} of group {}", show.text(user.getName()),
					show.text(letter.get().key()), show.text(group));
			run(() -> this.replay.replayOne(group, partition, offset), result);
		}
		else {
			report(new Replayed(0, 0), result);
		}
		result.addAttribute("group", group);
		return "redirect:/dead-letters";
	}

	@PostMapping("/dead-letters/replay-all")
	String replayAll(@RequestParam String group, Authentication user, RedirectAttributes result) {
		known(group);
		Display show = new Display(Instant.now());
		logger.info("User '{}' replays all dead letters of group {}", show.text(user.getName()), show.text(group));
		run(() -> this.replay.replayAll(group), result);
		result.addAttribute("group", group);
		return "redirect:/dead-letters";
	}

	private Reading addTo(Model model, Authentication user) {
		Reading reading = this.monitor.reading();
		model.addAttribute("reading", reading);
		model.addAttribute("show", new Display(Instant.now()));
		model.addAttribute("user", user.getName());
		model.addAttribute("operator", Role.OPERATOR.isHeldBy(user));
		return reading;
	}

	private static Optional<Group> find(Reading reading, String name) {
		return Optional.ofNullable(reading.state())
			.flatMap((state) -> state.groups().stream().filter((group) -> group.name().equals(name)).findFirst());
	}

	private DeadLetters known(String group) {
		Reading reading = this.monitor.reading();
		if (reading.failure() != null) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Kafka cannot be reached.");
		}
		return find(reading, group).map(Group::deadLetters)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There are no dead letters of this group."));
	}

	private void run(java.util.function.Supplier<Replayed> task, RedirectAttributes result) {
		try {
			report(task.get(), result);
		}
		catch (ReplayException ex) {
			logger.warn("A replay has failed after {} letters", ex.letters(), ex);
			result.addFlashAttribute("problem", ((ex.letters() > 0) ? ex.letters() + " replayed, then it failed. " : "")
					+ ex.getMessage() + " The list shows what is left.");
		}
		this.monitor.refresh();
	}

	private static void report(Replayed replayed, RedirectAttributes result) {
		result.addFlashAttribute("notice", message(replayed));
	}

	private static String message(Replayed replayed) {
		if (replayed.letters() == 0) {
			return (replayed.remaining() == 0) ? "Nothing to replay: it was replayed before."
					: "Nothing was replayed in time.";
		}
		String text = replayed.letters() + ((replayed.letters() == 1) ? " letter" : " letters") + " replayed.";
		return (replayed.remaining() > 0) ? text + " " + replayed.remaining() + " remain: replay them again." : text;
	}

}
