package net.lbd.cli.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Columns of text that line up; numbers to the right. Used by one thread. */
final class TextTable {

    /** @param paint applied after the width is known, so that colours do not count */
    record Cell(String text, UnaryOperator<String> paint) {
        static Cell of(String text) {
            return new Cell(text, UnaryOperator.identity());
        }
    }

    private final String indent;
    private final List<List<Cell>> rows = new ArrayList<>();

    TextTable(String indent, String... titles) {
        this.indent = indent;
        rows.add(List.of(titles).stream().map(Cell::of).toList());
    }

    /** A table with as many columns as there are things to compare. */
    TextTable(String indent, String first, List<String> others) {
        this.indent = indent;
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(first)));
        others.forEach(title -> cells.add(Cell.of(title)));
        rows.add(cells);
    }

    void add(String first, List<Cell> others) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(first)));
        cells.addAll(others);
        rows.add(cells);
    }

    void add(Cell... cells) {
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        int columns = rows.get(0).size();
        int[] width = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            width[c] = rows.stream().mapToInt(r -> r.get(column).text().length()).max().orElse(0);
            numbers[c] = rows.size() > 1
                    && rows.stream().skip(1).allMatch(r -> r.get(column).text().matches("[<0-9.]*(ms|[kMGT])?|-"));
        }
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int c = 0; c < columns; c++) {
                Cell cell = row.get(c);
                String space = " ".repeat(width[c] - cell.text().length());
                String painted = cell.paint().apply(cell.text());
                line.append(numbers[c] ? space + painted : painted + space);
                line.append(c + 1 < columns ? "  " : "");
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
