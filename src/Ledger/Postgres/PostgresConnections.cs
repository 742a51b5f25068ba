using System.Data.Common;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// The connections: some for reading, pooled, and one for each appender. Writing connections say themselves that a commit waits for the
/// disk, whatever the server's default, and plan for indexes alone: a plan made while the table was empty must not become a table scan.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private const string WriterSettings =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    private readonly LedgerOptions options;
    private readonly NpgsqlDataSource readers;
    private readonly NpgsqlDataSource writers;

    public PostgresConnections(LedgerOptions options)
    {
        this.options = options;
        NpgsqlConnectionStringBuilder reading = Parse(options);
        reading.MaxPoolSize = options.MaxReadConnections;
        reading.MaxAutoPrepare = 32;
        reading.AutoPrepareMinUsages = 2;
        reading.Options = $"{reading.Options} -c synchronous_commit=on".Trim();
        Place = $"PostgreSQL database {reading.Database} on {reading.Host}:{reading.Port}";
        readers = NpgsqlDataSource.Create(reading);

        // A writing connection is kept by its appender and thrown away after any failure: it never comes from or goes to a pool.
        NpgsqlConnectionStringBuilder writing = new(reading.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            KeepAlive = 0, // would speak in the midst of a batch; the connection is never silent for long, and TCP's own is left as it is
        };
        writing.Options = $"{reading.Options} {WriterSettings}";
        writers = NpgsqlDataSource.Create(writing);
    }

    /// <summary>Which database, without user or password.</summary>
    public string Place { get; }

    /// <summary>See <see cref="LedgerOptions.CopyAlways"/>.</summary>
    public bool CopyAlways => options.CopyAlways;

    public ValueTask<NpgsqlConnection> OpenReaderAsync(CancellationToken cancellation) => readers.OpenConnectionAsync(cancellation);

    public ValueTask<NpgsqlConnection> OpenWriterAsync(CancellationToken cancellation) => writers.OpenConnectionAsync(cancellation);

    /// <summary>One statement on a pooled connection; see <see cref="RunAsync{T}"/>.</summary>
    /// <exception cref="LedgerException">The database does not answer, or refuses the statement.</exception>
    public Task<T> QueryAsync<T>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellation)
    {
        bool again = false;
        return RunAsync(
            async command =>
            {
                command.CommandText = sql;
                // A parameter belongs to one command for good.
                foreach (NpgsqlParameter parameter in parameters) command.Parameters.Add(again ? parameter.Clone() : parameter);
                again = true;
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await read(reader).ConfigureAwait(false);
            },
            cancellation);
    }

    /// <summary>
    /// Does work on a pooled connection. After a restart of the server every pooled connection is dead: then all are thrown away, and the
    /// work is done once more on a new one. So only what does no harm when done twice goes this way.
    /// </summary>
    /// <exception cref="LedgerException">The database does not answer, or refuses the work.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlCommand, Task<T>> work, CancellationToken cancellation)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                await using NpgsqlConnection connection = await OpenReaderAsync(cancellation).ConfigureAwait(false);
                await using NpgsqlCommand command = connection.CreateCommand();
                return await work(command).ConfigureAwait(false);
            }
            catch (Exception problem) when (!again && IsBroken(problem))
            {
                ForgetReaders();
            }
            catch (Exception problem) when (problem is DbException or TimeoutException)
            {
                throw Translate(problem);
            }
        }
    }

    /// <summary>Closes the pooled reading connections; new ones are opened as needed.</summary>
    public void ForgetReaders() => readers.Clear();

    /// <summary>True when the connection is gone, as against a statement that failed or took too long.</summary>
    public static bool IsBroken(Exception problem) => problem switch
    {
        PostgresException ended => ended.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException lost => lost.InnerException is IOException or System.Net.Sockets.SocketException,
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        await readers.DisposeAsync().ConfigureAwait(false);
        await writers.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// The failure in the ledger's words. Also what the server refuses, as for a right or a table that is missing, an operator can mend;
    /// but what is in a detached period stays out of reach however often it is asked for.
    /// </summary>
    public LedgerException Translate(Exception problem) => problem switch
    {
        PostgresException { SqlState: PeriodLayout.Detached } detached => new LedgerException($"{Place}: {detached.MessageText}.", problem),
        PostgresException refused =>
            new LedgerUnavailableException($"{Place} refused a statement: {refused.MessageText} ({refused.SqlState})", problem),
        _ => new LedgerUnavailableException($"{Place} does not answer: {problem.Message}", problem),
    };

    private static NpgsqlConnectionStringBuilder Parse(LedgerOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.ConnectionString)
            {
                CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
                ApplicationName = "settlement-ledger",
                // Connections carry no state between uses, and entries are not secrets from the server's own log of errors.
                NoResetOnClose = true,
            };
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException)
        {
            // The string may hold a password: it is not repeated here.
            throw new LedgerConfigurationException(
                $"Ledger:ConnectionString is not an Npgsql connection string: {problem.Message}", problem);
        }
    }
}
