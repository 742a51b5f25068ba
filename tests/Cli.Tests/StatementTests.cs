using Settlement.Cli.Statements;
using Settlement.Cli.Tests.Support;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Tests;

/// <summary>The statement 结算单: what it shows, and that it lines up on a terminal.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void The_statement_is_laid_out_as_kept(string language) => Golden.Equal($"statement.{language}.txt", Print(language));

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public void No_line_is_wider_than_the_page(string language) =>
        Assert.All(Print(language).Split('\n'), line => Assert.InRange(DisplayWidth.Of(line), 0, Statement.Width));

    [Fact]
    public void The_persons_id_is_masked()
    {
        string text = Print("zh");
        Assert.DoesNotContain(Examples.Person, text);
        Assert.Contains("**************1236", text);
    }

    [Fact]
    public void The_example_adds_up_by_rows_and_columns()
    {
        SettlementResult result = Examples.Result();
        Assert.All(result.Matrix, row => Assert.Equal(row.Amount,
            row.Pooled + row.SeriousIllness + row.AssistanceBasic + row.AssistanceTilt + row.AssistanceOutpatient + row.AssistanceOther
                + row.Person));
        Assert.Equal(result.Totals.Total, result.Matrix.Sum(row => row.Amount));
        Assert.Equal(result.PersonPays, result.Matrix.Sum(row => row.Person));
        Assert.Equal(result.Pooled, result.Matrix.Sum(row => row.Pooled));
    }

    [Fact]
    public void A_reversed_settlement_says_so()
    {
        SettlementView view = Examples.View("en");
        view.ReversalId = "R1";
        view.ReversedAt = "2025-11-13T08:00:00+08:00";
        Assert.Contains("This settlement has been reversed: R1", Print("en", view));
    }

    [Fact]
    public void Assistance_withheld_comes_with_its_reason()
    {
        SettlementView view = Examples.View("zh");
        view.Result.AssistanceReason = "NOT_ONE_STOP";
        Assert.Contains("救助未结算原因: NOT_ONE_STOP 不符合一站式结算条件", Print("zh", view));
    }

    [Fact]
    public void Text_that_the_server_left_out_falls_back_to_the_code() => Assert.Contains("POOLED_BAND", Print("zh", Examples.View("")));

    private static string Print(string language, SettlementView? view = null)
    {
        StringWriter output = new();
        new Statement(Words.Of(language), output).Write(view ?? Examples.View(language), Examples.Account());
        return output.ToString();
    }
}
