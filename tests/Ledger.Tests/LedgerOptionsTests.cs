namespace Settlement.Ledger.Tests;

public class LedgerOptionsTests
{
    public static TheoryData<Action<LedgerOptions>, string> Bad => new()
    {
        { o => o.Provider = (LedgerProvider)9, "Ledger:Provider is '9': it must be Sqlite or Postgres." },
        { o => o.Path = " ", "Ledger:Path is ' ': it must name a file." },
        { o => o.Provider = LedgerProvider.Postgres, "Ledger:ConnectionString is '': it must be set for Postgres." },
        { o => o.MaxReadConnections = 0, "Ledger:MaxReadConnections is '0': it must be between 1 and 1000." },
        { o => o.CommandTimeout = TimeSpan.Zero, "Ledger:CommandTimeout is '00:00:00': it must be between 1 second and 10 minutes." },
        { o => o.Writer.Count = 65, "Ledger:Writer:Count is '65': it must be between 0 and 64." },
        { o => o.Writer.QueueCapacity = 0, "Ledger:Writer:QueueCapacity is '0': it must be between 1 and 1,000,000." },
        { o => o.Writer.MaxBatchEntries = 16_385, "Ledger:Writer:MaxBatchEntries is '16385': it must be between 1 and 16384." },
        { o => o.Writer.MaxBatchBytes = 1, "Ledger:Writer:MaxBatchBytes is '1': it must be between 4 KiB and 256 MiB." },
        {
            o => o.Writer.RetryDelay = TimeSpan.FromSeconds(3),
            "Ledger:Writer:RetryDelay is '00:00:03': it must be more than 0 and not above MaxRetryDelay, which is 00:00:02."
        },
        { o => o.Writer.MaxRetryDelay = TimeSpan.FromHours(1),
            "Ledger:Writer:MaxRetryDelay is '01:00:00': it must not be above 1 minute." },
        { o => o.Writer.StopTimeout = TimeSpan.FromHours(1),
            "Ledger:Writer:StopTimeout is '01:00:00': it must be between 0 and 10 minutes." },
    };

    [Fact]
    public void The_defaults_are_good() => new LedgerOptions().Validate();

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_option_is_named_with_its_value_and_the_rule(Action<LedgerOptions> spoil, string message)
    {
        LedgerOptions options = new();
        spoil(options);
        Assert.Equal(message, Assert.Throws<LedgerConfigurationException>(options.Validate).Message);
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_refused_without_repeating_it()
    {
        LedgerOptions options = new() { Provider = LedgerProvider.Postgres, ConnectionString = "Host=h;Pasword=secret" };
        LedgerConfigurationException refusal =
            Assert.Throws<LedgerConfigurationException>(
                () => LedgerStore.Create(options, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));
        Assert.StartsWith("Ledger:ConnectionString is not an Npgsql connection string", refusal.Message);
        Assert.DoesNotContain("secret", refusal.Message);
    }
}
