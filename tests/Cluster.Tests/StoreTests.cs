using Settlement.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests;

/// <summary>The whole way on the embedded ledger.</summary>
public sealed class SqliteSettlementTests() : SettlementTests(TestLedgers.SqliteAsync);

/// <summary>The whole way on a real PostgreSQL server.</summary>
public sealed class PostgresSettlementTests() : SettlementTests(TestLedgers.PostgresAsync);

/// <summary>Many at once on the embedded ledger.</summary>
public sealed class SqliteConcurrencyTests(ITestOutputHelper output) : ConcurrencyTests(TestLedgers.SqliteAsync, output);

/// <summary>Many at once on a real PostgreSQL server.</summary>
public sealed class PostgresConcurrencyTests(ITestOutputHelper output) : ConcurrencyTests(TestLedgers.PostgresAsync, output);

/// <summary>Random histories on the embedded ledger.</summary>
public sealed class SqliteHistoryTests(ITestOutputHelper output) : HistoryTests(TestLedgers.SqliteAsync, output);

/// <summary>Random histories on a real PostgreSQL server.</summary>
public sealed class PostgresHistoryTests(ITestOutputHelper output) : HistoryTests(TestLedgers.PostgresAsync, output);

/// <summary>Voids on the embedded ledger.</summary>
public sealed class SqliteVoidTests(ITestOutputHelper output) : VoidTests(TestLedgers.SqliteAsync, output);

/// <summary>Voids on a real PostgreSQL server.</summary>
public sealed class PostgresVoidTests(ITestOutputHelper output) : VoidTests(TestLedgers.PostgresAsync, output);

/// <summary>Reconciliation on the embedded ledger.</summary>
public sealed class SqliteReconciliationTests(ITestOutputHelper output) : ReconciliationTests(TestLedgers.SqliteAsync, output);

/// <summary>Reconciliation on a real PostgreSQL server.</summary>
public sealed class PostgresReconciliationTests(ITestOutputHelper output) : ReconciliationTests(TestLedgers.PostgresAsync, output);

/// <summary>Corrections on the embedded ledger.</summary>
public sealed class SqliteCorrectionTests() : CorrectionTests(TestLedgers.SqliteAsync);

/// <summary>Corrections on a real PostgreSQL server.</summary>
public sealed class PostgresCorrectionTests() : CorrectionTests(TestLedgers.PostgresAsync);

/// <summary>Random histories on the embedded ledger.</summary>
public sealed class SqliteCorrectionHistoryTests(ITestOutputHelper output) : CorrectionHistoryTests(TestLedgers.SqliteAsync, output);

/// <summary>Random histories on a real PostgreSQL server.</summary>
public sealed class PostgresCorrectionHistoryTests(ITestOutputHelper output) : CorrectionHistoryTests(TestLedgers.PostgresAsync, output);
