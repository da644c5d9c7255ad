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

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The page on which users sign in.
 */
@Controller
@ConditionalOnWebApplication
class LoginController {

	private final List<ClientRegistration> providers = new ArrayList<>();

	LoginController(ObjectProvider<ClientRegistrationRepository> repository) {
		if (repository.getIfAvailable() instanceof Iterable<?> registrations) {
			registrations.forEach((registration) -> this.providers.add((ClientRegistration) registration));
		}
	}

	@GetMapping("/login")
	String login(Model model) {
		model.addAttribute("providers", this.providers);
		return "login";
	}

}
