using Settlement.Reconciling;

namespace Settlement.Cli.Tests.Importing;

/// <summary>CSV as RFC 4180 has it: what is written is read back, cell by cell and line by line.</summary>
public sealed class CsvTests
{
    private const string Alphabet = "ab,;\"'\r\n\t =中\u3000";

    [Fact]
    public void What_is_written_is_read_back()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            Random random = new(seed);
            string[][] rows = [.. Enumerable.Range(0, 8)
                .Select(_ => Enumerable.Range(0, random.Next(2, 6)).Select(_ => Cell(random)).ToArray())];
            using StringWriter file = new();
            foreach (string[] row in rows) Csv.WriteLine(file, row);
            (int Line, string[] Cells)[] read = [.. Csv.Read(new StringReader(file.ToString()))];
            Assert.True(rows.Zip(read).All(pair => pair.First.SequenceEqual(pair.Second.Cells))
                && read.Length == rows.Length, $"seed {seed}");
            int line = 1;
            foreach ((string[] cells, (int Line, string[]) found) in rows.Zip(read))
            {
                Assert.True(line == found.Line, $"seed {seed}: row of line {line} is said to be of line {found.Line}");
                line += 1 + cells.Sum(cell => cell.Count(c => c == '\n'));
            }
        }
    }

    private static string Cell(Random random) =>
        new([.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
}
