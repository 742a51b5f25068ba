// What the build files of the real packages add to every project that sees them, so that a name that means two things there does so here.
global using Orleans;
global using Orleans.Hosting;
global using Orleans.Runtime;
