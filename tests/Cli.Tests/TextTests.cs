using Settlement.Cli.Text;

namespace Settlement.Cli.Tests;

/// <summary>Widths on the terminal, tables, figures, masks.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("统筹基金", 8)]
    [InlineData("医疗救助(基本)", 14)]
    [InlineData("三级 A", 6)]
    [InlineData("，。", 4)]
    [InlineData("𠀀", 2)]
    [InlineData("e\u0301", 1)]
    public void A_text_takes_its_cells(string text, int cells) => Assert.Equal(cells, DisplayWidth.Of(text));

    [Fact]
    public void Columns_line_up_under_Chinese_and_Latin_cells()
    {
        StringWriter output = new();
        new Table("项目", ">金额").Row("统筹基金", "1.00").Row("abc", "1,234.56").Rule().Row("合计", "1,235.56").Write(output);
        Assert.Equal("""
            项目          金额
            ------------------
            统筹基金      1.00
            abc       1,234.56
            ------------------
            合计      1,235.56

            """.ReplaceLineEndings("\n"), output.ToString());
    }

    [Fact]
    public void Rows_may_not_have_more_cells_than_the_head() => Assert.Throws<ArgumentException>(() => new Table("a").Row("1", "2"));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(123456, "1,234.56")]
    [InlineData(-123456, "-1,234.56")]
    [InlineData(100_000_000_00, "100,000,000.00")]
    [InlineData(long.MaxValue, "92,233,720,368,547,758.07")]
    [InlineData(long.MinValue, "-92,233,720,368,547,758.08")]
    public void Fen_are_shown_as_yuan(long fen, string shown) => Assert.Equal(shown, Show.Yuan(fen));

    [Theory]
    [InlineData(7500, "75%")]
    [InlineData(6550, "65.5%")]
    [InlineData(1, "0.01%")]
    public void Basis_points_are_shown_as_percent(int basisPoints, string shown) => Assert.Equal(shown, Show.Percent(basisPoints));

    [Theory]
    [InlineData("210100196003051236", "**************1236")]
    [InlineData("P1234567", "******67")]
    [InlineData("P1", "**")]
    public void A_persons_id_shows_only_its_end(string person, string shown) => Assert.Equal(shown, Show.Masked(person));

    [Theory]
    [InlineData("one two three", 7, new[] { "one two", "three" })]
    [InlineData("统筹基金按比例支付", 8, new[] { "统筹基金", "按比例支", "付" })]
    [InlineData("按 inpatient.ratio 支付", 16, new[] { "按", "inpatient.ratio", "支付" })]
    [InlineData("abcdefghij", 4, new[] { "abcd", "efgh", "ij" })]
    public void Long_text_breaks_at_blanks_and_between_Chinese_characters(string text, int width, string[] lines) =>
        Assert.Equal(lines, DisplayWidth.Wrap(text, width));
}
