using Settlement.Scenarios;

const int Wrong = 2;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(LoadOptions.Usage);
    return Wrong;
}

if (options.Help)
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}

return await LoadRun.RunAsync(options);
