namespace Settlement.Torture.Tests;

/// <summary>The command line.</summary>
public sealed class OptionTests
{
    [Fact]
    public void A_run_tells_the_arguments_that_strike_the_same_again()
    {
        TortureOptions options = TortureOptions.Parse(
            ["--minutes", "1.5", "--seed", "7", "--silos", "2", "--clients", "8", "--persons", "9", "--every", "700", "--disk", "no",
                "--membership", "adonet"]);
        Assert.Equal(
            "--minutes 1.5 --seed 7 --store postgres --silos 2 --clients 8 --persons 9 --every 700 --disk no --membership adonet",
            options.ToString());
        Assert.Equal(options, TortureOptions.Parse(options.ToString().Split(' ')));
    }

    [Fact]
    public void Sqlite_is_one_silo() => Assert.Equal(1, TortureOptions.Parse(["--store", "sqlite"]).Silos);

    [Theory]
    [InlineData("--minutes is '0': expected a number from 0.05 to 10000.", "--minutes", "0")]
    [InlineData("--seed is '-1': expected a whole number from 0 to 9223372036854775807.", "--seed", "-1")]
    [InlineData("--store is 'mysql': expected sqlite or postgres.", "--store", "mysql")]
    [InlineData("--silos is 3: an SQLite ledger has one silo.", "--store", "sqlite", "--silos", "3")]
    [InlineData("--disk is 'full': expected yes or no.", "--disk", "full")]
    [InlineData("--membership is 'zookeeper': expected localhost or adonet.", "--membership", "zookeeper")]
    [InlineData("--membership is 'adonet': an SQLite ledger has one silo.", "--store", "sqlite", "--membership", "adonet")]
    [InlineData("--silos needs a value.", "--silos")]
    [InlineData("'--fast' is not an option.", "--fast", "1")]
    public void A_wrong_argument_is_named(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => TortureOptions.Parse(arguments)).Message);
}
