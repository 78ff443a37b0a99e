package net.lbd.core.balance;

import java.util.List;

/** Streams without the key go by turns. */
class UrlParamTest extends TurnsContract {

    @Override
    String algorithm() {
        return "url_param";
    }

    @Override
    List<String> arguments() {
        return List.of("userid");
    }
}
