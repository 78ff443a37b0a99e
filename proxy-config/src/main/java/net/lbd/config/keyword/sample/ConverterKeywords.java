package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.ConverterKeyword.of;
import static net.lbd.config.model.SampleType.*;

import java.util.List;

/** Converters. Source: HAProxy manual, section "Converters". */
final class ConverterKeywords {

    private static final String OPERAND = "value:string";

    static final List<ConverterKeyword> ROWS = List.of(
            of("lower", STRING, STRING, "Lower case, ASCII only."),
            of("upper", STRING, STRING, "Upper case, ASCII only."),
            of("length", STRING, INTEGER, "The length in bytes."),
            of("hex", BINARY, STRING, "Two hexadecimal digits for each byte."),
            of("hex2i", STRING, INTEGER, "Hexadecimal digits to a number."),
            of("field", "index:integer,delimiters:string[,count:integer]", STRING, STRING,
                    "The n-th field between delimiters; negative numbers count from the end."),
            of("word", "index:integer,delimiters:string[,count:integer]", STRING, STRING,
                    "As field, but runs of delimiters count as one."),
            of("bytes", "offset:integer[,length:integer]", BINARY, BINARY, "A part of the bytes."),
            of("ltrim", "characters:string", STRING, STRING, "Without these characters at the start."),
            of("rtrim", "characters:string", STRING, STRING, "Without these characters at the end."),
            of("url_dec", "[in_form:integer]", STRING, STRING,
                    "Percent encoding resolved; '+' is a blank behind '?', or everywhere if the argument is not 0."),
            of("url_enc", "[type:string]", STRING, STRING, "Percent encoding for a query."),
            of("base64", BINARY, STRING, "Base64."),
            of("b64dec", STRING, BINARY, "Base64 decoded."),
            of("ub64enc", BINARY, STRING, "Base64 for URLs, without padding."),
            of("ub64dec", STRING, BINARY, "Base64 for URLs decoded."),
            of("sha1", BINARY, BINARY, "The SHA-1 digest."),
            of("sha2", "[bits:integer]", BINARY, BINARY, "A SHA-2 digest of 224, 256 (default), 384 or 512 bits."),
            of("digest", "algorithm:string", BINARY, BINARY, "A digest by name, such as md5 or sha256."),
            of("crc32", "[avalanche:integer]", BINARY, INTEGER, "The CRC-32 of the bytes."),
            of("crc32c", "[avalanche:integer]", BINARY, INTEGER, "The CRC-32C of the bytes."),
            of("djb2", "[avalanche:integer]", BINARY, INTEGER, "The DJB2 hash of the bytes."),
            of("sdbm", "[avalanche:integer]", BINARY, INTEGER, "The SDBM hash of the bytes."),
            of("regsub", "regex:regex,replacement:string[,flags:string]", STRING, STRING,
                    "Replaces what matches; flags g: every match, i: any case."),
            of("concat", "[start:string,variable:string,end:string]", STRING, STRING,
                    "Appends a text, a variable and a text."),
            of("map", "file:string[,default:string]", STRING, STRING, "Looks the text up in a map file.").alias("map_str").notYet(),
            of("iif", "true:string,false:string", BOOLEAN, STRING, "One of two texts."),
            of("strcmp", "variable:variable", STRING, INTEGER, "Compares with a variable: negative, 0 or positive."),
            of("secure_memcmp", "variable:variable", BINARY, BOOLEAN, "Whether a variable holds the same; takes the same time whatever differs."),
            of("set-var", "name:variable[,condition:string,condition2:string,condition3:string,condition4:string]", ANY, ANY,
                    "Sets a variable to what comes in, if the conditions hold, such as ifnotset; passes it on."),
            of("unset-var", "name:variable", ANY, ANY, "Forgets a variable; passes on what comes in."),
            of("ipmask", "mask4:ipv4mask[,mask6:ipv6mask]", ADDRESS, ADDRESS, "Keeps the network part of an address."),
            of("host_only", STRING, STRING, "A Host header without its port."),
            of("port_only", STRING, INTEGER, "The port of a Host header."),
            of("bool", INTEGER, BOOLEAN, "True unless 0."),
            of("not", INTEGER, BOOLEAN, "True if 0."),
            of("even", INTEGER, BOOLEAN, "True if even."),
            of("odd", INTEGER, BOOLEAN, "True if odd."),
            of("neg", INTEGER, INTEGER, "The negative number."),
            of("cpl", INTEGER, INTEGER, "Each bit turned round."),
            of("add", OPERAND, INTEGER, INTEGER, "Adds a number or variable."),
            of("sub", OPERAND, INTEGER, INTEGER, "Subtracts a number or variable."),
            of("mul", OPERAND, INTEGER, INTEGER, "Multiplies by a number or variable."),
            of("div", OPERAND, INTEGER, INTEGER, "Divides by a number or variable; by 0 yields the largest number."),
            of("mod", OPERAND, INTEGER, INTEGER, "The remainder of a division."),
            of("and", OPERAND, INTEGER, INTEGER, "Bitwise and."),
            of("or", OPERAND, INTEGER, INTEGER, "Bitwise or."),
            of("xor", OPERAND, INTEGER, INTEGER, "Bitwise exclusive or."));

    private ConverterKeywords() { }
}
